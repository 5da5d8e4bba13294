import SystemErrors

/// Why a file cannot be read or written.
package struct FileFailure: Error, Hashable {
    /// For the end of a sentence: `it is a folder`, `Permission denied`.
    package let reason: String
    /// Whether it holds more than its reader takes.
    package let isTooLarge: Bool
    /// Whether it could not be read in time.
    package let isLate: Bool

    package init(_ reason: String, isTooLarge: Bool = false, isLate: Bool = false) {
        self.reason = reason
        self.isTooLarge = isTooLarge
        self.isLate = isLate
    }

    init(errno code: Int32) {
        self.init(describe(errno: code))
    }
}
