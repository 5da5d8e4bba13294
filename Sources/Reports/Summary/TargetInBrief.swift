package import RecordingFormat

/// What one target's session came to, as a run's summary tells it.
package struct TargetInBrief: Sendable, Hashable {
    /// So many of a target's steps that are not ok are told.
    package static let mostSteps = 3

    package let name: String
    package let result: TargetRecord
    /// The first steps that are not ok.
    private let steps: [StepInBrief]
    /// How many steps are not ok.
    private let stepsNotOK: Int

    /// - Parameters:
    ///   - result: without its steps.
    ///   - steps: the first of those that are not ok, `mostSteps` at most.
    ///   - stepsNotOK: how many are not ok.
    package init(name: String, _ result: TargetRecord, steps: [StepInBrief], stepsNotOK: Int) {
        self.name = name
        self.result = result
        self.steps = Array(steps.prefix(Self.mostSteps))
        self.stepsNotOK = stepsNotOK
    }

    package var isWell: Bool { result.isWell }

    /// `error, exit 1, 1 line not sent`.
    package var ending: String { result.ending() }

    /// `web03: error, exit 1, 1 line not sent`.
    package var heading: String { "\(name): \(ending)" }

    /// Why it is not well, a sentence each; empty where it is well.
    package var reasons: [String] {
        guard !isWell else { return [] }
        var (reasons, steps): ([String], [StepInBrief]) = ([], steps)
        // The step that asked for the session's end tells more of it than the session does.
        if let message = result.failure?.message, steps.allSatisfy({ $0.exitCode == nil || $0.isCutOff }) {
            let lead = "\(name): "
            reasons.append(message.hasPrefix(lead) ? String(message.dropFirst(lead.count)) : message)
            // Which step was cut off stands in the message.
            steps.removeAll { $0.isTold(by: result.failure?.code) }
        }
        reasons += steps.map(\.line)
        let rest = stepsNotOK - self.steps.count
        if rest > 0 { reasons.append("\(rest) more \(rest == 1 ? "step was" : "steps were") not ok") }
        return reasons
    }

    /// Why it is not well: in a few words that are the same wherever the same happened, and what more there is to say.
    package var reason: (short: String, detail: String) {
        let isAskedFor = steps.contains { $0.exitCode != nil && !$0.isCutOff }
        if let failure = result.failure, let message = failure.message, !isAskedFor {
            let phase = result.phase.map { ", phase \($0)" } ?? ""
            let step = steps.first(where: \.isCutOff).map { "\($0.title), " } ?? ""
            return (step + FailureWords.text(of: failure) + phase, withoutLead(message))
        }
        guard !steps.isEmpty else { return (result.exitCode.flatMap { $0 == 0 ? nil : "exit \($0)" } ?? ending, "") }
        let rest = stepsNotOK - steps.count
        let more = rest > 0 ? ["\(rest) more \(rest == 1 ? "step was" : "steps were") not ok"] : []
        return (
            steps.map(\.short).joined(separator: "; "),
            (steps.map(\.detail).filter { !$0.isEmpty } + more).joined(separator: "; ")
        )
    }

    /// A failure's message without the target and the phase, which are told before it.
    private func withoutLead(_ message: String) -> String {
        let leads = ["\(name): "] + (result.phase.map { ["in phase \($0): "] } ?? [])
        return leads.reduce(message) { $0.hasPrefix($1) ? String($0.dropFirst($1.count)) : $0 }
    }
}
