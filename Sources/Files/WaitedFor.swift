import Synchronization

/// What this process waits for before a run begins, one thing at a time: for whoever ends the wait by a clock of its own.
package enum WaitedFor {
    private static let name = Mutex<String?>(nil)

    /// As a user knows it: a path, a program.
    package static var current: String? { name.withLock { $0 } }

    package static func note<Value, Failure: Error>(
        _ name: String,
        while body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let outer = Self.name.withLock { current in
            defer { current = name }
            return current
        }
        defer { Self.name.withLock { $0 = outer } }
        return try body()
    }
}
