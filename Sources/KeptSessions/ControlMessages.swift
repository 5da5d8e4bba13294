/// What a client asks of the broker on its control socket.
package enum ControlRequest: Sendable, Hashable {
    /// A word of the command line of a session that is to be opened.
    case word(String)
    /// A variable of the opener's environment: NAME=VALUE.
    case variable(String)
    /// When the opening began, in nanoseconds of the monotonic clock: -ConnectingTimeout counts from there.
    case since(UInt64)
    /// Opens a session with the words and variables before it.
    /// - Parameters:
    ///   - folder: the opener's own.
    ///   - hasPerson: whether somebody is there who can be asked.
    case open(name: String, folder: String, hasPerson: Bool)
    /// What the person answered; nil for nothing.
    case answer(String?)
    case list
    case close(KeptSessionChoice)
    case closeAll

    /// Whether it is what a connection is for, and not a part of it.
    package var isAsking: Bool {
        switch self {
        case .open, .list, .close, .closeAll: true
        case .word, .variable, .since, .answer: false
        }
    }

    package var fields: [String] {
        switch self {
        case .word(let text): ["word", text]
        case .variable(let text): ["variable", text]
        case .since(let moment): ["since", "\(moment)"]
        case .open(let name, let folder, let hasPerson): ["open", name, folder, hasPerson ? "person" : "nobody"]
        case .answer(let text?): ["answer", text]
        case .answer(nil): ["answer"]
        case .list: ["list"]
        case .close(.name(let name)): ["close", "name", name]
        case .close(.id(let id)): ["close", "id", "\(id)"]
        case .close(.instanceID(let id)): ["close", "instance", id]
        case .close(.any(let text)): ["close", "any", text]
        case .closeAll: ["close", "all"]
        }
    }

    /// - Returns: nil for a line that is none of these.
    package init?(_ fields: [String]) {
        switch (fields.first, fields.count) {
        case ("word", 2): self = .word(fields[1])
        case ("variable", 2): self = .variable(fields[1])
        case ("since", 2):
            guard let moment = UInt64(fields[1]) else { return nil }
            self = .since(moment)
        case ("open", 4): self = .open(name: fields[1], folder: fields[2], hasPerson: fields[3] == "person")
        case ("answer", 1): self = .answer(nil)
        case ("answer", 2): self = .answer(fields[1])
        case ("list", 1): self = .list
        case ("close", 2) where fields[1] == "all": self = .closeAll
        case ("close", 3):
            switch (fields[1], Int(fields[2])) {
            case ("name", _): self = .close(.name(fields[2]))
            // Ids are counted from 1, and written without a sign.
            case ("id", let id?) where id > 0 && "\(id)" == fields[2]: self = .close(.id(id))
            case ("instance", _): self = .close(.instanceID(fields[2]))
            case ("any", _): self = .close(.any(fields[2]))
            default: return nil
            }
        default: return nil
        }
    }
}

/// What the broker, or what carries a session that is being opened, tells a client.
package enum ControlReply: Sendable, Hashable {
    /// A question for the person at the client's terminal.
    case ask(String, isSecret: Bool)
    case remark(String)
    /// What was asked is being done, and will take the time that it takes.
    case taken
    case session(KeptSession)
    /// The connection stands, to what is called so: PSRP follows. Told to the broker alone.
    /// - Parameters:
    ///   - milliseconds: in which the pool must be open; nil for no bound.
    ///   - firstWord: where a connection that stands proves nothing yet.
    case connected(target: String, milliseconds: Int?, firstWord: FirstWord? = nil)
    case done
    /// - Parameter exitCode: of psrun.
    case failed(exitCode: Int, String)

    /// The phase until the far side's first word.
    package struct FirstWord: Sendable, Hashable {
        package let phase: String
        /// What is said where the time runs out in it.
        package let late: String

        package init(phase: String, late: String) {
            (self.phase, self.late) = (phase, late)
        }
    }

    /// The first field of the line behind which the stream is PSRP.
    package static let lastBeforePSRP = "connected"

    package var fields: [String] {
        switch self {
        case .ask(let text, let isSecret): ["ask", isSecret ? "secret" : "line", text]
        case .remark(let text): ["remark", text]
        case .taken: ["taken"]
        case .session(let session):
            [
                "session", "\(session.id)", session.name, session.instanceID, session.target, session.state.rawValue,
                session.idleSince.map { "\($0)" } ?? "", session.reason, session.visitor.map { "\($0.process)" } ?? "",
                session.visitor.map { "\($0.since)" } ?? "",
            ]
        case .connected(let target, let milliseconds, let firstWord):
            ["connected", target, milliseconds.map { "\($0)" } ?? ""] + (firstWord.map { [$0.phase, $0.late] } ?? [])
        case .done: ["done"]
        case .failed(let exitCode, let message): ["failed", "\(exitCode)", message]
        }
    }

    /// - Returns: nil for a line that is none of these.
    package init?(_ fields: [String]) {
        switch (fields.first, fields.count) {
        case ("ask", 3): self = .ask(fields[2], isSecret: fields[1] != "line")
        case ("remark", 2): self = .remark(fields[1])
        case ("taken", 1): self = .taken
        // The last two are not there where a broker runs that was started by an older psrun.
        case ("session", 8), ("session", 10):
            guard let id = Int(fields[1]), let state = KeptSession.State(rawValue: fields[5]) else { return nil }
            self = .session(
                KeptSession(
                    id: id,
                    name: fields[2],
                    instanceID: fields[3],
                    target: fields[4],
                    state: state,
                    idleSince: Int64(fields[6]),
                    reason: fields[7],
                    visitor: fields.count == 10 ? KeptSession.Visitor(fields[8], since: fields[9]) : nil
                )
            )
        case (Self.lastBeforePSRP, 3): self = .connected(target: fields[1], milliseconds: Int(fields[2]))
        case (Self.lastBeforePSRP, 5):
            let firstWord = FirstWord(phase: fields[3], late: fields[4])
            self = .connected(target: fields[1], milliseconds: Int(fields[2]), firstWord: firstWord)
        case ("done", 1): self = .done
        case ("failed", 3):
            guard let code = Int(fields[1]) else { return nil }
            self = .failed(exitCode: code, fields[2])
        default: return nil
        }
    }
}
