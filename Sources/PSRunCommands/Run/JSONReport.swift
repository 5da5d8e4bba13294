import ConsoleText
import PSRP
package import RecordingFormat
package import Sessions

/// The machine-readable result: names and order as product contract and manual give them.
package enum JSONReport {
    /// One target's result.
    /// - Parameter keepsColors: whether `output` keeps SGR sequences.
    package static func target(_ result: TargetResult, keepsColors: Bool) -> JSONValue {
        [
            "target": .string(result.target),
            "outcome": .string(result.outcome.rawValue),
            "exit_code": integer(result.exitCode),
            "phase": result.phase.map { .string($0) } ?? .null,
            "duration_us": .integer(result.durationMicroseconds),
            "phases_us": phases(result.phasesMicroseconds),
            "error": result.failure.map { ["code": .string($0.code), "message": .string($0.message)] } ?? .null,
            "steps": .array(result.steps.map { step($0, keepsColors: keepsColors) }),
        ]
    }

    package static func step(_ result: StepResult, keepsColors: Bool) -> JSONValue {
        [
            "first_line": integer(result.firstLine),
            "last_line": integer(result.lastLine),
            "text": .string(result.text),
            "outcome": .string(result.outcome.rawValue),
            "succeeded": result.succeeded.map { .bool($0) } ?? .null,
            "last_exit_code": integer(result.lastExitCode),
            "started_us": integer(result.startedMicroseconds),
            "duration_us": integer(result.durationMicroseconds),
            "output": .string(keepsColors ? result.output : TerminalText.withoutColors(result.output)),
        ]
    }

    /// Every phase by name, null where the connection had none of it.
    private static func phases(_ durations: [String: Int64]) -> JSONValue {
        .object(PhaseNames.all.map { JSONMember(key: $0, value: integer(durations[$0])) })
    }

    private static func integer(_ number: (some BinaryInteger)?) -> JSONValue {
        number.map { .integer(Int64($0)) } ?? .null
    }
}

/// What a whole run came to.
package struct RunReport: Sendable {
    /// The run's folder, without the folders it is in; nil where nothing was recorded.
    package var run: String?
    package var playbook: String
    /// The run's folder.
    package var recording: String?
    package var exitCode: Int32
    /// Seconds since 1970, UTC.
    package var startedSeconds: Int64
    package var durationMicroseconds: Int64

    /// - Parameter targets: nil for the last line of `jsonl`, whose targets have lines of their own.
    package func json(targets: [JSONValue]?) -> JSONValue {
        var members: [JSONMember] = [
            JSONMember(key: "run", value: run.map { .string($0) } ?? .null),
            JSONMember(key: "playbook", value: .string(playbook)),
            JSONMember(key: "recording", value: recording.map { .string($0) } ?? .null),
            JSONMember(key: "exit_code", value: .integer(Int64(exitCode))),
            JSONMember(key: "started", value: .string(UTCTime(secondsSince1970: startedSeconds).extended)),
            JSONMember(key: "duration_us", value: .integer(durationMicroseconds)),
        ]
        if let targets { members.append(JSONMember(key: "targets", value: .array(targets))) }
        return .object(members)
    }
}
