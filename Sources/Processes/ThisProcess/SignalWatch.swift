package import Files
import Glibc
import Synchronization
import Threads

/// SIGINT, SIGTERM, SIGHUP and SIGQUIT of this process, as a thread of its own reads them from the `SignalPipe`.
package final class SignalWatch: Sendable {
    private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
    private let first = Mutex<Int32?>(nil)
    private let isLeaving = Atomic(false)

    package init() {}

    /// The first signal that came.
    package var received: Int32? { first.withLock { $0 } }

    /// Returns, unless a second signal has come: then the process ends elsewhere, and nobody shall end it before.
    package func goOnUnlessLeaving() async {
        while isLeaving.load(ordering: .acquiring) { try? await Task.sleep(for: .seconds(1)) }
    }

    /// Begins to watch: the first signal is told to `onFirst`; a second one is told to `onSecond`, and ends the process at
    /// once. A signal that this process was started without (nohup, a shell's background) stays ignored.
    /// - Throws: NoDescriptor where the system has no descriptors or no thread left for that.
    package func start(
        onFirst: @escaping @Sendable () -> Void,
        onSecond: @escaping @Sendable () -> Void
    ) throws(NoDescriptor) {
        try SignalPipe.open()
        signal(SIGPIPE, SIG_IGN)
        let isStarted = startThread(named: "psrun-signals") { [self] in watch(onFirst: onFirst, onSecond: onSecond) }
        guard isStarted else { throw NoDescriptor(code: EAGAIN) }
        for number in Self.signals { SignalPipe.handle(number) }
    }

    private func watch(onFirst: () -> Void, onSecond: () -> Void) {
        while true {
            var byte: UInt8 = 0
            guard read(SignalPipe.reading, &byte, 1) == 1 else { continue }
            let number = Int32(byte)
            let isFirst = first.withLock { first in
                defer { first = first ?? number }
                return first == nil
            }
            if isFirst {
                onFirst()
            } else {
                isLeaving.store(true, ordering: .releasing)
                onSecond()
                _exit(128 + number)
            }
        }
    }
}
