import Glibc
import Synchronization

/// A thread that computes one value. Its owner must take that value: it waits for the thread's end.
package final class JoinedThread<Value: Sendable>: Sendable {
    private let body: @Sendable () -> Value
    private let computed: Computed<Value>
    /// nil where the machine has no thread left.
    private let thread: pthread_t?

    package init(_ body: @escaping @Sendable () -> Value) {
        let computed = Computed<Value>()
        self.body = body
        self.computed = computed
        thread = start(ThreadBody("psrun-worker") { computed.put(body()) })
    }

    /// What it computed, once it has; computed here where there was no thread for it.
    package func value() -> Value {
        if let thread { pthread_join(thread, nil) }
        return computed.take() ?? body()
    }
}

private final class Computed<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)

    func put(_ value: Value) {
        self.value.withLock { $0 = value }
    }

    func take() -> Value? {
        value.withLock { $0 }
    }
}
