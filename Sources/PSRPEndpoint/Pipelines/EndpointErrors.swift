import PSRP

/// The error records that the endpoint makes.
extension ErrorRecord {
    /// An unfinished block, as a real server tells it (server/parse): nothing ran.
    static func incomplete(_ message: String) -> ErrorRecord {
        make(message: message, errorID: "IncompleteInput", category: 17, reason: "IncompleteParseException")
    }

    static func invalid(_ message: String) -> ErrorRecord {
        make(message: message, errorID: "SyntaxError", category: 17, reason: "ParseException")
    }

    /// server/stop
    static var stopped: ErrorRecord {
        make(
            message: "The pipeline has been stopped.",
            errorID: "PipelineStopped",
            category: 14,
            reason: "PipelineStoppedException"
        )
    }

    /// A line that a program wrote to stderr, where no console shows it.
    static func standardError(_ line: String) -> ErrorRecord {
        make(message: line, errorID: "NativeCommandError", category: 0, reason: "RemoteException")
    }

    static func refused(_ message: String) -> ErrorRecord {
        make(message: message, errorID: "NotSupported", category: 11, reason: "PSNotSupportedException")
    }

    static func shellGone(_ message: String) -> ErrorRecord {
        make(message: message, errorID: "ShellGone", category: 21, reason: "RuntimeException")
    }
}
