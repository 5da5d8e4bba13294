import Sessions
import Testing

@testable import Fleet

struct StepsToTellTests {
    private func step(_ line: Int, _ output: String = "", _ outcome: StepOutcome = .ok) -> StepResult {
        StepResult(firstLine: line, lastLine: line, text: "\(line)", outcome: outcome, output: output)
    }

    @Test("A step is told once nothing more can belong to it, with what came between two lines")
    func lateText() {
        var steps = StepsToTell()
        let events: [SessionEvent] = [
            .text("before"), .stepBegan(firstLine: 1), .prompt("PS>"), .text("a"), .stepEnded(step(1, "a")),
            .text("late "),
            .typedSecret(length: 3), .stepBegan(firstLine: 2), .prompt("PS>"), .text("b"), .stepEnded(step(2, "b")),
            .text("later"), .stepEnded(step(3, "", .notSent)),
            .finished(TargetResult(target: "web01", outcome: .ok)),
        ]
        let told = events.compactMap { steps.take($0) }
        #expect(told.map(\.firstLine) == [1, 2, 3])
        #expect(told.map(\.output) == ["alate ********\n", "blater", ""])
    }
}
