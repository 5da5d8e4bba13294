import Glibc
import Synchronization

/// A thread that computes one value. Its owner must take that value: it waits for the thread's end.
final class JoinedThread<Value: Sendable>: Sendable {
    private let body: @Sendable () -> Value
    private let computed: Computed<Value>
    /// nil where the machine has no thread left.
    private let thread: pthread_t?

    init(_ body: @escaping @Sendable () -> Value) {
        let computed = Computed<Value>()
        self.body = body
        self.computed = computed
        thread = startJoinable { computed.put(body()) }
    }

    /// What it computed, once it has; computed here where there was no thread for it.
    func value() -> Value {
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

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) {
        self.run = run
    }
}

private func startJoinable(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
    let box = Unmanaged.passRetained(ThreadBody(body))
    var thread = pthread_t()
    let result = pthread_create(
        &thread,
        nil,
        { argument in
            if let argument { Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run() }
            return nil
        },
        box.toOpaque()
    )
    guard result == 0 else {
        box.release()
        return nil
    }
    return thread
}
