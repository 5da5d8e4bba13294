/// How one target's session ended: the data of an `X` event, and a target of the machine-readable result.
package struct TargetRecord: JSONRecord {
    package let json: JSONValue

    package init(_ json: JSONValue) {
        self.json = json
    }

    /// - Parameters:
    ///   - exitCode: what the session asked for with `exit N`; nil where it did not.
    ///   - linesNotSent: how many lines of the playbook were not sent; nil leaves the member out.
    ///   - phase: the phase of connecting that failed; nil where none did.
    ///   - phases: all phases of the way in, in their order, in microseconds; nil for one that the connection did not have.
    ///   - blocks: what cut the playbook into blocks: `parser`, `incremental` or `console`; nil leaves the member out.
    ///   - steps: nil leaves the member out, as recordings do: there each step has an event of its own.
    package init(
        target: String,
        outcome: RecordedOutcome,
        exitCode: Int32?,
        linesNotSent: Int? = nil,
        phase: String?,
        durationMicroseconds: Int64,
        phases: [(name: String, microseconds: Int64?)],
        failure: RecordedFailure?,
        blocks: String? = nil,
        steps: [StepRecord]? = nil
    ) {
        var members = [
            JSONMember(.target, .string(target)),
            JSONMember(.outcome, .string(outcome.rawValue)),
            JSONMember(.exitCode, .optional(exitCode)),
            JSONMember(.phase, .optional(phase)),
            JSONMember(.durationMicroseconds, .integer(durationMicroseconds)),
            JSONMember(
                .phasesMicroseconds,
                .object(phases.map { JSONMember(key: $0.name, value: .optional($0.microseconds)) })
            ),
            JSONMember(.error, failure?.json ?? .null),
        ]
        if let linesNotSent { members.append(JSONMember(.linesNotSent, .integer(Int64(linesNotSent)))) }
        if let blocks { members.append(JSONMember(.blocks, .string(blocks))) }
        if let steps {
            members.append(JSONMember(.well, .bool(outcome == .ok && exitCode ?? 0 == 0)))
            members.append(JSONMember(.steps, .array(steps.map(\.json))))
        }
        json = .object(members)
    }

    /// The ending of a session that psrun did not live to see the end of.
    package init(target: String, outcome: RecordedOutcome, truncatedBy failure: RecordedFailure) {
        json = .record([
            .target: .string(target),
            .outcome: .string(outcome.rawValue),
            .truncated: true,
            .error: failure.json,
        ])
    }

    package var target: String? { json[.target]?.string }
    package var outcome: RecordedOutcome? { json[.outcome]?.string.flatMap(RecordedOutcome.init(recorded:)) }
    package var exitCode: Int64? { json[.exitCode]?.integer }
    package var phase: String? { json[.phase]?.string }
    package var durationMicroseconds: Int64? { json[.durationMicroseconds]?.integer }
    /// Whether the recording ends before the session did.
    package var isTruncated: Bool { json[.truncated]?.bool ?? false }
    package var failure: RecordedFailure? { json[.error].flatMap { $0 == .null ? nil : RecordedFailure($0) } }
    /// What cut the playbook into blocks.
    package var blocks: String? { json[.blocks]?.string }
    package var steps: [StepRecord] { (json[.steps]?.array ?? []).map(StepRecord.init) }

    /// The phases that the connection had, in their order.
    package var phases: [(name: String, microseconds: Int64)] {
        (json[.phasesMicroseconds]?.members ?? []).compactMap { phase in
            phase.value.integer.map { (phase.key, $0) }
        }
    }

    /// Its bytes before its steps and behind them, for steps that are written one by one.
    /// - Precondition: it has a list of steps, without any.
    package var aroundSteps: (before: [UInt8], after: [UInt8]) {
        let bytes = encoded
        precondition(json[.steps] == .array([]) && json.members?.last?.key == RecordKey.steps.rawValue)
        return (bytes.dropLast(2), bytes.suffix(2))
    }

    /// The same with the name and the steps that the entry itself has, as the machine-readable result has them. A target
    /// that is known not to be `ok` is not said to be well or not.
    package func told(as target: String, steps: [StepRecord]) -> TargetRecord {
        let own = [RecordKey.target, .well, .steps].map(\.rawValue)
        let others = (json.members ?? []).filter { !own.contains($0.key) }
        let isToldWell = outcome == .ok || linesNotSent != nil || isTruncated || json[.well] != nil
        return TargetRecord(
            .object(
                [JSONMember(.target, .string(target))] + others
                    + (isToldWell ? [JSONMember(.well, .bool(isWell))] : [])
                    + [JSONMember(.steps, .array(steps.map(\.json)))]
            )
        )
    }
}

/// Why a session failed: a target's `error`.
package struct RecordedFailure: JSONRecord {
    package let json: JSONValue

    package init(_ json: JSONValue) {
        self.json = json
    }

    /// - Parameter code: a name that a program can go by: `ConnectingTimeout`, `HostKeyChanged`…
    package init(code: String, message: String) {
        json = .record([.code: .string(code), .message: .string(message)])
    }

    package var code: String? { json[.code]?.string }
    package var message: String? { json[.message]?.string }
}
