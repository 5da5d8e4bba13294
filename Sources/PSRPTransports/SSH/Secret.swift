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

/// Where a run's passwords and passphrases come from: files, commands or a terminal, each asked once and only when
/// something needs it.
package struct CredentialSource: Sendable {
    /// What a secret is needed for.
    package enum Need: Sendable, Hashable {
        /// The passphrase of a key file.
        case passphrase(keyFile: String)
        /// The password of a user at a host (the host as the user named it).
        case password(user: String, host: String)
        /// A keyboard-interactive prompt that is no plain password question.
        case answer(prompt: String, echo: Bool, user: String, host: String)

        /// Whether what is typed for it may be seen.
        package var isEchoed: Bool {
            if case .answer(_, echo: true, _, _) = self { true } else { false }
        }
    }

    private let provide: @Sendable (Need) async throws -> Secret?

    /// - Parameter provide: the secret, or nil where there is none. It may block (a terminal): it is not called on a loop.
    package init(_ provide: @escaping @Sendable (Need) async throws -> Secret? = { _ in nil }) {
        self.provide = provide
    }

    package func secret(for need: Need) async throws -> Secret? {
        try await provide(need)
    }
}
