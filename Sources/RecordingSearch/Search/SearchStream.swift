package import RecordingFormat

/// What of a session is searched.
package enum SearchStream: String, Sendable, Hashable, CaseIterable {
    /// What a console showed, all streams rendered: prompts, what was sent, and what came back.
    case console
    /// Of that, what came back.
    case output
    /// The text of a step, as it was sent.
    case input
    case error, warning, verbose, debug, information, progress
    /// Objects of the output stream.
    case object
    /// What is said of the connection: noise, the far side's diagnostics.
    case connection
    /// Why a session failed.
    case session

    /// What a console showed, and what it could not.
    package static let usual: Set<SearchStream> = [.console, .connection, .session]

    /// What was answered, not what was asked, and what a console could not show.
    package static let answers: Set<SearchStream> = [.output, .connection, .session]

    package init?(_ code: RecordedCode) {
        switch code {
        case .output: self = .console
        case .input: self = .input
        case .error: self = .error
        case .warning: self = .warning
        case .verbose: self = .verbose
        case .debug: self = .debug
        case .information: self = .information
        case .progress: self = .progress
        case .object: self = .object
        case .connection: self = .connection
        case .exit: self = .session
        case .marker, .step, .hash: return nil
        }
    }
}
