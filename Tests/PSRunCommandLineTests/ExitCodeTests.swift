import PSRunCommandLine
import Testing

struct ExitCodeTests {
    @Test("When several apply, the first of 2, 75, 128+n, 3, 124, 5, 4, 1, 6 counts")
    func precedence() {
        let ranked: [ExitCode] = [
            .usage, .locked, .signal(2), .recordingLost, .timedOut, .unreachableAndNotAllWell, .unreachable,
            .notAllWell,
            .recordingNotWhole, .allWell,
        ]
        for (rank, code) in ranked.enumerated() {
            for lower in ranked[rank...] where Set([code, lower]) != [.unreachable, .notAllWell] {
                #expect(ExitCode.combined([lower, code]) == code)
            }
        }
        #expect(ExitCode.combined([.notAllWell, .unreachable]) == .unreachableAndNotAllWell)
        #expect(ExitCode.combined([.notAllWell, .unreachable, .timedOut]) == .timedOut)
        #expect(ExitCode.combined([]) == .allWell)
    }

    @Test("The table has every code once, and the order names the same")
    func table() {
        let codes: [ExitCode] = [
            .allWell, .notAllWell, .usage, .recordingLost, .unreachable, .unreachableAndNotAllWell, .recordingNotWhole,
            .locked, .timedOut,
        ]
        let numbers = ExitCode.descriptions.map(\.number)
        #expect(numbers == codes.map { "\($0.number)" } + ["128+n"])
        #expect(ExitCode.signal(2).number == 130)
        #expect(Set(ExitCode.precedence) == Set(numbers).subtracting(["0"]))
    }
}
