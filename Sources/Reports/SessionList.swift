package import KeptSessions
package import RecordingFormat

/// The sessions that are kept open.
package struct SessionList {
    private let sessions: [KeptSession]

    package init(_ sessions: [KeptSession]) {
        self.sessions = sessions
    }

    /// Why one is broken, and who is in it, stand behind it.
    package var text: String {
        var table = TextTable(rightAligned: [0])
        let hasReasons = sessions.contains { !reason(of: $0).isEmpty }
        table.add(["ID", "NAME", "TARGET", "STATE", "IDLE SINCE"] + (hasReasons ? ["REASON"] : []))
        for session in sessions {
            let idle = session.idleSince.map { UTCTime(secondsSince1970: $0).extended } ?? "-"
            let reason = hasReasons ? [reason(of: session)] : []
            table.add(["\(session.id)", session.name, session.target, session.state.rawValue, idle] + reason)
        }
        return table.lines.map { $0 + "\n" }.joined()
    }

    private func reason(of session: KeptSession) -> String {
        guard let visitor = session.visitor else { return session.reason }
        let who = visitor.process > 0 ? "process \(visitor.process)" : "somebody"
        let since = "\(who) is in it since \(UTCTime(secondsSince1970: visitor.since).extended)"
        return session.reason.isEmpty ? since : "\(since); \(session.reason)"
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
                        .visitorProcess: session.visitor.map { $0.process > 0 ? .integer(Int64($0.process)) : .null }
                            ?? .null,
                        .visitorSince: session.visitor.map {
                            .string(UTCTime(secondsSince1970: $0.since).extended)
                        } ?? .null,
                        .reason: session.reason.isEmpty ? .null : .string(session.reason),
                    ])
                }
            )
        ])
    }
}
