/// A call of the C library that failed.
package struct SystemError: Error, Hashable {
    /// What was being done, to which file.
    package let action: String
    package let path: String
    package let code: Int32
    /// What there is to say in place of the system's words.
    private let reason: String?

    package init(_ action: String, _ path: String, _ code: Int32, reason: String? = nil) {
        self.action = action
        self.path = path
        self.code = code
        self.reason = reason
    }

    /// `write /var/lib/x: No space left on device`.
    package var text: String {
        "\(path.isEmpty ? action : "\(action) \(path)"): \(reason ?? describe(errno: code))"
    }
}
