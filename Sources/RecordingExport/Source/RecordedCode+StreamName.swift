import RecordingFormat

extension RecordedCode {
    /// What exports call the code's events.
    var streamName: String {
        switch self {
        case .output: "output"
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
        case .exit: "exit"
        case .hash: "hash"
        }
    }

    init?(streamName: String) {
        guard let code = Self.allCases.first(where: { $0.streamName == streamName }) else { return nil }
        self = code
    }
}
