import RecordingFormat

extension RecordedCode {
    /// What exports call the code's events; `psrun search --stream` knows them by the same names.
    var streamName: String {
        switch self {
        case .output: "console"
        case .input: "input"
        case .marker: "marker"
        case .error: "error"
        case .warning: "warning"
        case .verbose: "verbose"
        case .debug: "debug"
        case .information: "information"
        case .progress: "progress"
        case .object: "object"
        case .step: "step"
        case .connection: "connection"
        case .exit: "session"
        case .hash: "hash"
        }
    }

    init?(streamName: String) {
        guard let code = Self.allCases.first(where: { $0.streamName == streamName }) else { return nil }
        self = code
    }
}
