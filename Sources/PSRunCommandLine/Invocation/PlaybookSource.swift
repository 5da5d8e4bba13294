/// Where the lines of a run come from.
package enum PlaybookSource: Sendable, Hashable {
    /// A file, by its path.
    case file(String)
    /// `-`
    case standardInput
    /// `-c LINE`, as often as given.
    case lines([String])

    /// What results and messages call it: the path as given.
    package var name: String {
        switch self {
        case .file(let path): path
        case .standardInput: "stdin"
        case .lines: "command"
        }
    }
}
