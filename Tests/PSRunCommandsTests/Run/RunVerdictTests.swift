import Fleet
import Sessions
import Testing

@testable import PSRunCommands

@Suite("How a run ends")
struct RunVerdictTests {
    private func verdict(_ outcomes: [TargetOutcome], exitCode: Int32? = nil) -> RunVerdict {
        var verdict = RunVerdict()
        for outcome in outcomes { verdict.note(TargetResult(target: "t", outcome: outcome, exitCode: exitCode)) }
        return verdict
    }

    @Test(
        "Each outcome, alone and together",
        arguments: [
            ([.ok], 0), ([.error], 1), ([.failed], 1), ([.broken], 1), ([.notRun], 1), ([.unreachable], 4),
            ([.timedOut], 124), ([.ok, .unreachable], 4), ([.error, .unreachable], 5), ([.broken, .ok], 1),
            ([.timedOut, .unreachable, .error], 124),
        ] as [([TargetOutcome], Int32)]
    )
    func outcomes(outcomes: [TargetOutcome], number: Int32) {
        #expect(verdict(outcomes).exitNumber() == number)
    }

    @Test(
        "What goes before what: a signal, a lost recording, a time limit, then targets, then a recording that is not whole"
    )
    func priority() {
        var all = verdict([.timedOut, .unreachable, .error])
        all.isRecordingIncomplete = true
        all.isRecordingLost = true
        #expect(all.exitNumber() == 3)
        all.signal = 2
        #expect(all.exitNumber() == 130)
        var incomplete = verdict([.ok])
        incomplete.isRecordingIncomplete = true
        #expect(incomplete.exitNumber() == 6)
        incomplete.note(TargetResult(target: "u", outcome: .error))
        #expect(incomplete.exitNumber() == 1)
    }

    @Test("A session's own exit: not zero is 1, unless it is asked for")
    func sessionExit() {
        #expect(verdict([.ok], exitCode: 0).exitNumber() == 0)
        #expect(verdict([.ok], exitCode: 3).exitNumber() == 1)
        for (code, number) in [(3, 3), (0, 0), (255, 255), (256, 1), (-1, 1)] as [(Int32, Int32)] {
            #expect(verdict([.ok], exitCode: code).exitNumber(fromSession: true) == number)
        }
        #expect(verdict([.timedOut], exitCode: nil).exitNumber(fromSession: true) == 124)
        // A step failed, and the session ran `exit 0`, or `exit 3`.
        for outcome in [TargetOutcome.error, .failed, .broken] {
            #expect(verdict([outcome], exitCode: 0).exitNumber(fromSession: true) == 1)
            #expect(verdict([outcome], exitCode: 3).exitNumber(fromSession: true) == 3)
        }
    }
}
