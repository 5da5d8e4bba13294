/// How one step ended: the data of an `S` event, and a step of the machine-readable result.
package struct StepRecord: JSONRecord {
    package let json: JSONValue

    package init(_ json: JSONValue) {
        self.json = json
    }

    /// - Parameters:
    ///   - firstLine: in the playbook, from 1; 0 for the profile. A block has several lines.
    ///   - succeeded: `$?` behind the step; nil where unknown.
    ///   - wasAlreadyFalse: whether `$?` alone makes it an error, and was False before; left out where it is not so.
    ///   - lastExitCode: `$LASTEXITCODE` behind the step; nil where unset or unknown.
    ///   - failure: why it was stopped, or is unknown; left out where what it wrote tells.
    ///   - exitCode: what the step asked the session to end with; left out where it did not, or named none.
    ///   - earlierRun: of a step that this run did not send: the run that it continues, in which the step ran (`not_sent`) or
    ///     may have run (`unknown`); left out elsewhere.
    ///   - startedMicroseconds: since the run began; nil for a step that was not sent.
    ///   - output: what a console showed; nil leaves the member out, as recordings do.
    package init(
        firstLine: Int,
        lastLine: Int,
        text: String,
        outcome: RecordedOutcome,
        succeeded: Bool?,
        wasAlreadyFalse: Bool = false,
        lastExitCode: Int?,
        exitCode: Int32? = nil,
        failure: RecordedFailure? = nil,
        earlierRun: String? = nil,
        startedMicroseconds: Int64?,
        durationMicroseconds: Int64?,
        output: String? = nil
    ) {
        var members = [
            JSONMember(.firstLine, .integer(Int64(firstLine))),
            JSONMember(.lastLine, .integer(Int64(lastLine))),
            JSONMember(.text, .string(text)),
            JSONMember(.outcome, .string(outcome.rawValue)),
            JSONMember(.succeeded, succeeded.map { .bool($0) } ?? .null),
            JSONMember(.lastExitCode, .optional(lastExitCode)),
            JSONMember(.startedMicroseconds, .optional(startedMicroseconds)),
            JSONMember(.durationMicroseconds, .optional(durationMicroseconds)),
        ]
        if wasAlreadyFalse { members.append(JSONMember(.wasAlreadyFalse, .bool(true))) }
        if let exitCode { members.append(JSONMember(.exitCode, .integer(Int64(exitCode)))) }
        if let failure { members.append(JSONMember(.error, failure.json)) }
        if let earlierRun { members.append(JSONMember(.earlierRun, .string(earlierRun))) }
        if let output { members.append(JSONMember(.output, .string(output))) }
        json = .object(members)
    }

    package var firstLine: Int64? { json[.firstLine]?.integer }
    package var lastLine: Int64? { json[.lastLine]?.integer }
    package var text: String? { json[.text]?.string }
    package var outcome: RecordedOutcome? { json[.outcome]?.string.flatMap(RecordedOutcome.init(recorded:)) }
    package var succeeded: Bool? { json[.succeeded]?.bool }
    package var wasAlreadyFalse: Bool { json[.wasAlreadyFalse]?.bool ?? false }
    package var lastExitCode: Int64? { json[.lastExitCode]?.integer }
    /// What the step asked the session to end with.
    package var exitCode: Int64? { json[.exitCode]?.integer }
    /// The run in which it ran, or may have run, where this one did not send it.
    package var earlierRun: String? { json[.earlierRun]?.string }
    /// Whether it was not sent, and did not run before: something of the playbook is left out by it.
    package var isLeftOut: Bool { outcome == .notSent && earlierRun == nil }
    package var startedMicroseconds: Int64? { json[.startedMicroseconds]?.integer }
    package var durationMicroseconds: Int64? { json[.durationMicroseconds]?.integer }
    package var output: String? { json[.output]?.string }

    /// What is to be said beside the outcome; nil for nothing.
    package var remark: String? {
        let remarks = [
            exitCode.map { "asked for exit code \($0)" }, wasAlreadyFalse ? Self.alreadyFalse : nil,
            failure?.code,
            earlierRun.map { outcome == .unknown ? "may have run in \($0)" : "ran in \($0)" },
        ]
        return remarks.contains { $0 != nil } ? remarks.compactMap(\.self).joined(separator: ", ") : nil
    }

    /// How many lines of the playbook it has.
    package var lineCount: Int {
        guard let firstLine, let lastLine else { return 1 }
        let (count, overflow) = lastLine.subtractingReportingOverflow(firstLine)
        return overflow ? 1 : Int(min(max(count, 0), Int64(Int32.max))) + 1
    }

    /// `line 3`, `lines 5 to 6`, `profile`; nil where it has no line.
    package var title: String? {
        guard let firstLine, firstLine >= 0 else { return nil }
        return Self.title(firstLine: firstLine, lastLine: lastLine ?? firstLine)
    }

    /// `line 3`, `lines 5 to 6`, `profile`.
    package static func title(firstLine: Int64, lastLine: Int64) -> String {
        firstLine == lastLine ? StepMarker.text(firstLine: firstLine) : "lines \(firstLine) to \(lastLine)"
    }
}

/// The data of an `m` event, which names the step that begins.
package enum StepMarker {
    private static let lead = "line "

    /// `line 3`; `profile` for line 0.
    package static func text(firstLine: some BinaryInteger) -> String {
        firstLine == 0 ? "profile" : "\(lead)\(firstLine)"
    }

    /// The line that a marker names; nil where it names none.
    package static func firstLine(in text: String) -> Int64? {
        text.hasPrefix(lead) ? Int64(text.dropFirst(lead.count)) : nil
    }
}
