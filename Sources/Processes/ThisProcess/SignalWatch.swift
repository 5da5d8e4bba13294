package import Files
import Glibc
import Synchronization
import Threads

/// SIGINT, SIGTERM, SIGHUP and SIGQUIT of this process, as a thread of its own reads them from the `SignalPipe`.
///
/// While nobody listens, a signal ends what this process has started, and then the process itself: what hangs is the leader
/// of a process group of its own, which no Ctrl-C of a terminal reaches.
package final class SignalWatch: Sendable {
    /// A process has its signals once.
    package static let ofThisProcess = SignalWatch()

    private struct Listener {
        let onFirst: @Sendable () -> Void
        let onSecond: @Sendable () -> Void
    }

    private struct State {
        var first: Int32?
        var listener: Listener?
        var isWatching = false
    }

    private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
    /// How long what was started has to be gone.
    private static let patience = Duration.milliseconds(500)
    private let state = Mutex(State())
    private let isLeaving = Atomic(false)

    private init() {}

    /// The first signal that came.
    package var received: Int32? { state.withLock(\.first) }

    /// Returns, unless a signal ends the process elsewhere: nobody shall end it before.
    package func goOnUnlessLeaving() async {
        while isLeaving.load(ordering: .acquiring) { try? await Task.sleep(for: .seconds(1)) }
    }

    /// The same for a thread. What becomes of work whose processes a signal has ended is not told.
    static func goOnUnlessLeaving() {
        while ofThisProcess.isLeaving.load(ordering: .acquiring) { usleep(100_000) }
    }

    /// Begins to watch. A signal that this process was started without (nohup, a shell's background) stays ignored.
    /// - Throws: NoDescriptor where the system has no descriptors or no thread left for that: signals do then what they
    ///   do to any process.
    package func begin() throws(NoDescriptor) {
        let isNew = state.withLock { state in
            defer { state.isWatching = true }
            return !state.isWatching
        }
        guard isNew else { return }
        do throws(NoDescriptor) {
            try SignalPipe.open()
            let isStarted = startThread(named: "psrun-signals") { [self] in
                while true { readOne() }
            }
            guard isStarted else { throw NoDescriptor(code: EAGAIN) }
        } catch {
            state.withLock { $0.isWatching = false }
            throw error
        }
        for number in Self.signals { SignalPipe.handle(number) }
    }

    /// From now on the first signal is told to `onFirst`; a second one is told to `onSecond`, and ends the process at once
    /// with all that it has started.
    /// - Throws: NoDescriptor, as `begin`.
    package func listen(
        onFirst: @escaping @Sendable () -> Void,
        onSecond: @escaping @Sendable () -> Void
    ) throws(NoDescriptor) {
        try begin()
        signal(SIGPIPE, SIG_IGN)
        state.withLock { $0.listener = Listener(onFirst: onFirst, onSecond: onSecond) }
    }

    private func readOne() {
        var byte: UInt8 = 0
        guard read(SignalPipe.reading, &byte, 1) == 1 else { return }
        let number = Int32(byte)
        let (listener, isFirst) = state.withLock { state in
            defer { state.first = state.first ?? number }
            return (state.listener, state.first == nil)
        }
        if let listener, isFirst { return listener.onFirst() }
        isLeaving.store(true, ordering: .releasing)
        listener?.onSecond()
        leave(for: number)
    }

    /// Ends what this process has started, and the process. What becomes of it is not told from then on.
    package func leave(for number: Int32) -> Never {
        isLeaving.store(true, ordering: .releasing)
        LivingProcesses.endAll(within: Self.patience)
        _exit(128 + number)
    }
}
