import Glibc
package import SystemErrors

/// Why a file cannot be read or written.
package struct FileFailure: Error, Hashable {
    /// For the end of a sentence: `it is a folder`, `Permission denied`.
    package let reason: String
    /// Whether it holds more than its reader takes.
    package let isTooLarge: Bool
    /// Whether it could not be read in time.
    package let isLate: Bool
    /// What is short on this computer, where that is why: the file itself may be good.
    package let shortage: LocalShortage?

    package init(_ reason: String, isTooLarge: Bool = false, isLate: Bool = false, shortage: LocalShortage? = nil) {
        self.reason = reason
        self.isTooLarge = isTooLarge
        self.isLate = isLate
        self.shortage = shortage
    }

    init(errno code: Int32) {
        // Of a file these say that it is another user's.
        let isForbidden = [EACCES, EPERM].contains(code)
        self.init(describe(errno: code), shortage: isForbidden ? nil : LocalShortage(errno: code))
    }
}
