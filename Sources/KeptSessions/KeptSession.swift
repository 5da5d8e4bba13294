/// What is told of a session that the broker keeps.
package struct KeptSession: Sendable, Hashable {
    package enum State: String, Sendable, Hashable, CaseIterable {
        /// Nobody is in it.
        case available
        /// Somebody is in it, or what somebody left running is being stopped.
        case busy
        /// It cannot be entered any more.
        case broken
    }

    /// Who is in one.
    package struct Visitor: Sendable, Hashable {
        /// Its process; 0 where the system does not tell, as for one in another namespace.
        package var process: Int32
        /// Seconds since 1970, UTC: since when it is in.
        package var since: Int64

        package init(process: Int32, since: Int64) {
            (self.process, self.since) = (process, since)
        }

        /// - Returns: nil where there is none.
        init?(_ process: String, since: String) {
            guard let process = Int32(process), let since = Int64(since) else { return nil }
            self.init(process: process, since: since)
        }
    }

    /// Counted from 1 in each broker; never used again.
    package var id: Int
    package var name: String
    /// The GUID of its runspace pool, as PowerShell has it: 8-4-4-4-12 hexadecimal digits, lower case.
    package var instanceID: String
    /// What its target is called in results.
    package var target: String
    package var state: State
    /// Seconds since 1970, UTC: since when nobody is in it; nil while somebody is.
    package var idleSince: Int64?
    /// Why it is broken, or busy where nobody is in it; empty where that says all.
    package var reason: String
    /// Who is in it; nil where nobody is.
    package var visitor: Visitor?

    package init(
        id: Int,
        name: String,
        instanceID: String,
        target: String,
        state: State,
        idleSince: Int64? = nil,
        reason: String = "",
        visitor: Visitor? = nil
    ) {
        self.id = id
        self.name = name
        self.instanceID = instanceID
        self.target = target
        self.state = state
        self.idleSince = idleSince
        self.reason = reason
        self.visitor = visitor
    }
}

/// Bounds on what a broker keeps and takes.
package enum KeptSessionLimits {
    /// Sessions of one broker, broken ones among them.
    package static let sessions = 256
    /// Bytes of a session's name.
    package static let nameBytes = 255
    /// Visitors that wait for one session, or are leaving it.
    package static let visitors = 64
    /// Connections to the control socket at one time, those aside whose session is being opened.
    package static let controls = 64
    /// Bytes of one line of the control protocol.
    package static let lineBytes = 1 << 20
    /// Bytes of the words, variables and answers of one connection to the control socket.
    package static let requestBytes = 8 << 20
    /// Seconds that a client of the control socket has for its request, and to take the answer.
    package static let requestSeconds = 5
    /// Seconds that a visitor has to open its pool, from when it is let in.
    package static let visitorSeconds = 10
    /// Seconds that a person has to answer a question.
    package static let questionSeconds = 600
    /// Seconds that the broker has for its first word, where nothing else bounds that.
    package static let answerSeconds = 10
}
