package import KeptSessions
package import RecordingFormat

/// The sessions that are kept open.
package struct SessionList {
    private let sessions: [KeptSession]

    package init(_ sessions: [KeptSession]) {
        self.sessions = sessions
    }

    /// Why one is broken stands behind it.
    package var text: String {
        var table = TextTable(rightAligned: [0])
        let hasReasons = sessions.contains { !$0.reason.isEmpty }
        table.add(["ID", "NAME", "TARGET", "STATE", "IDLE SINCE"] + (hasReasons ? ["REASON"] : []))
        for session in sessions {
            let idle = session.idleSince.map { UTCTime(secondsSince1970: $0).extended } ?? "-"
            let reason = hasReasons ? [session.reason] : []
            table.add(["\(session.id)", session.name, session.target, session.state.rawValue, idle] + reason)
        }
        return table.lines.map { $0 + "\n" }.joined()
    }

    package var json: JSONValue {
        .record([
            .sessions: .array(
                sessions.map { session in
                    .record([
                        .processID: .integer(Int64(session.id)),
                        .name: .string(session.name),
                        .instanceID: .string(session.instanceID),
                        .target: .string(session.target),
                        .state: .string(session.state.rawValue),
                        .idleSince: session.idleSince.map { .string(UTCTime(secondsSince1970: $0).extended) } ?? .null,
                        .reason: session.reason.isEmpty ? .null : .string(session.reason),
                    ])
                }
            )
        ])
    }
}
