/// Why a server could not be entered, or did not last.
package struct WSManError: Error, Sendable, Hashable {
    package enum Code: String, Sendable, Hashable {
        case accessDenied = "AccessDenied"
        /// There is no session configuration of this name, or it is not enabled.
        case configurationUnknown = "ConfigurationUnusable"
        /// Something answers, and it does not speak WS-Management here.
        case notWSMan = "NotWSMan"
        /// The server takes no more just now: a quota, or 503. Whoever comes later may be served.
        case busy = "ServerBusy"
        /// Larger than the server takes, or than this side does.
        case tooLarge = "LimitExceeded"
        /// Unencrypted traffic is refused there.
        case encryptionRequired = "EncryptionRequired"
        /// The server sends its clients elsewhere.
        case redirected = "Redirected"
        /// The shell or the command is gone there, or another client has it.
        case shellLost = "SessionEnded"
        case protocolVersion = "ProtocolVersion"
        /// No answer in its time.
        case timedOut = "AnswerTimeout"
        /// The server refuses a request, for another reason.
        case refused = "FarSideError"
        case malformed = "MalformedData"
        /// A connection could not be made, or broke.
        case connectionLost = "ConnectionLost"
        /// A request may have reached the server or not, and it is not sent again.
        case unknownWhetherSent = "UnknownWhetherSent"
        /// A connection broke, and part of what the server said then has not come.
        case outputLost = "OutputLost"
    }

    package let code: Code
    package let host: String
    /// What was going on, as in "opening the shell" (`WSManOperation.activity`).
    package let activity: String
    /// What happened, without the end of a sentence.
    package let what: String
    /// What a user can do about it: whole sentences, or empty.
    package let wayOut: String

    package init(_ code: Code, host: String, activity: String, what: String, wayOut: String) {
        self.code = code
        self.host = host
        self.activity = activity
        self.what = what
        self.wayOut = wayOut
    }

    /// Whole sentences for a person, without secrets.
    package var message: String {
        "While \(activity) at \(host): \(what)." + (wayOut.isEmpty ? "" : " \(wayOut)")
    }
}
