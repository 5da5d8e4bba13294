import Nights
import Testing

struct LastGoodNightTests {
    private static func night(_ number: Int, exitCode: Int32? = 0, playbook: String = "nightly.ps1", targets: Int = 2)
        -> PastNight
    {
        PastNight(
            run: "run\(number)",
            playbook: playbook,
            playbookHash: "",
            startedSeconds: Int64(number),
            exitCode: exitCode,
            targets: targets
        )
    }

    @Test("The last good night is the newest with exit code 0, of the same playbook and as many targets")
    func newest() throws {
        let nights = [
            Self.night(1), Self.night(2), Self.night(3, targets: 3), Self.night(4, playbook: "weekly.ps1"),
            Self.night(5, exitCode: 4), Self.night(6, exitCode: nil), Self.night(7, exitCode: 1), Self.night(8),
        ]
        let found = try #require(Self.night(7, exitCode: 1).lastGood(among: nights) { _ in true })
        #expect(found.night.run == "run2")
        #expect(found.between == 2)
    }

    @Test("A night with other targets is asked for and passed over")
    func otherTargets() {
        var asked: [String] = []
        let nights = [Self.night(1), Self.night(2), Self.night(3)]
        let found = Self.night(3).lastGood(among: nights) {
            asked.append($0.run)
            return $0.run == "run1"
        }
        #expect(found?.night.run == "run1")
        #expect(asked == ["run2", "run1"])
    }

    @Test("Without one there is none")
    func none() {
        #expect(Self.night(3).lastGood(among: []) { _ in true } == nil)
        #expect(Self.night(3).lastGood(among: [Self.night(2, exitCode: 1)]) { _ in true } == nil)
    }
}
