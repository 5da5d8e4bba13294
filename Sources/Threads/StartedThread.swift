import CLinux
import Glibc

/// Runs `body`, which may block, on a thread of its own, which takes no signals and ends with it.
/// - Parameter name: what `top -H` and core files call it; 15 bytes at most (pthread_setname_np(3)).
/// - Returns: false where the system has no thread left, and nothing is run.
@discardableResult
package func startThread(named name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
    startDetached(ThreadBody(name, body))
}

/// Runs `body`, which may block, on a thread of its own, and returns what it returns. It takes signals as the caller does:
/// it goes on with the caller's work. Where the system has no thread left, the caller's own does it.
package func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        let isStarted = startDetached(
            ThreadBody("psrun-verb", takesSignals: true) { continuation.resume(returning: body()) }
        )
        if !isStarted { continuation.resume(returning: body()) }
    }
}

private func startDetached(_ body: ThreadBody) -> Bool {
    guard let thread = start(body) else { return false }
    pthread_detach(thread)
    return true
}

/// - Parameter stackBytes: nil for what the system gives.
/// - Returns: the thread, to be joined or detached; nil where the system has none left, and nothing is run.
func start(_ body: ThreadBody, stackBytes: Int? = nil) -> pthread_t? {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    if let stackBytes { pthread_attr_setstacksize(&attributes, stackBytes) }

    // A new thread inherits its maker's mask.
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    if !body.takesSignals { pthread_sigmask(SIG_SETMASK, &all, &before) }
    defer { if !body.takesSignals { pthread_sigmask(SIG_SETMASK, &before, nil) } }

    var thread = pthread_t()
    let argument = Unmanaged.passRetained(body)
    let failure = pthread_create(
        &thread,
        &attributes,
        { argument in
            guard let argument else { return nil }
            let body = Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue()
            pthread_setname_np(pthread_self(), body.name)
            body.run()
            return nil
        },
        argument.toOpaque()
    )
    guard failure == 0 else {
        argument.release()
        return nil
    }
    return thread
}

/// What a new thread is to do.
final class ThreadBody: Sendable {
    let name: String
    /// Those that do not leave them to who asked for them.
    let takesSignals: Bool
    let run: @Sendable () -> Void

    init(_ name: String, takesSignals: Bool = false, _ run: @escaping @Sendable () -> Void) {
        self.name = name
        self.takesSignals = takesSignals
        self.run = run
    }
}
