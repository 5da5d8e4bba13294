import SystemErrors

/// Why a file cannot be read or written.
package struct FileFailure: Error, Hashable {
    /// For the end of a sentence: `it is a folder`, `Permission denied`.
    package let reason: String

    package init(_ reason: String) {
        self.reason = reason
    }

    init(errno code: Int32) {
        reason = describe(errno: code)
    }
}
