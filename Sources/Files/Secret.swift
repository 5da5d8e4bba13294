import Glibc

/// Bytes that must not be seen: masked in every description, wiped when let go.
package final class Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Null-terminated, for the C calls that take it. Written once, before anyone else sees it.
    private nonisolated(unsafe) let storage: UnsafeMutableBufferPointer<CChar>

    package init(_ bytes: some Collection<UInt8>) {
        storage = .allocate(capacity: bytes.count + 1)
        _ = storage.initialize(from: bytes.lazy.map { CChar(bitPattern: $0) } + [0])
    }

    package convenience init(_ text: String) {
        self.init(Array(text.utf8))
    }

    deinit {
        if let start = storage.baseAddress { explicit_bzero(start, storage.count) }
        storage.deallocate()
    }

    package var description: String { "<secret>" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: [:]) }

    /// Shows the bytes to `body` alone, up to the first null byte as a C string.
    package func withCString<Result>(_ body: (UnsafePointer<CChar>) throws -> Result) rethrows -> Result {
        guard let start = storage.baseAddress else { return try body("") }
        return try body(start)
    }

    /// Shows the bytes to `body` alone.
    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try body(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(storage).dropLast()))
    }
}
