/// Lets a test make any write or sync of a file fail, as a full or broken disk would.
package struct FileFaults: Sendable {
    package enum Operation: Sendable, Hashable {
        case write, sync, rename
    }

    /// The errno with which to fail an operation on the file of that name, or nil to let it happen.
    package var error: @Sendable (Operation, _ name: String) -> Int32?

    package init(error: @escaping @Sendable (Operation, _ name: String) -> Int32?) {
        self.error = error
    }

    package static let none = FileFaults { _, _ in nil }
}
