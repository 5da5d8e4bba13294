import Glibc
import Synchronization

/// SIGINT, SIGTERM and SIGHUP of this process, waited for by a thread of its own.
final class SignalWatch: Sendable {
    private static let signals = [SIGINT, SIGTERM, SIGHUP]

    private let first = Mutex<Int32?>(nil)

    /// The first signal that came.
    var received: Int32? { first.withLock { $0 } }

    /// Keeps the signals from every thread that is begun from now on, and SIGPIPE from everybody: to be called on the main
    /// thread before there is any other.
    static func prepareProcess() {
        signal(SIGPIPE, SIG_IGN)
        var set = signalSet()
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Begins to wait: the first signal is told to `onFirst`, a second one ends the process at once, by `onSecond` first.
    func start(onFirst: @escaping @Sendable () -> Void, onSecond: @escaping @Sendable () -> Void) {
        let work = Unmanaged.passRetained(Work { [self] in wait(onFirst: onFirst, onSecond: onSecond) }).toOpaque()
        var thread = pthread_t()
        let failure = pthread_create(
            &thread,
            nil,
            { argument in
                if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
                return nil
            },
            work
        )
        precondition(failure == 0, "no thread to be had")
        pthread_detach(thread)
    }

    private final class Work {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }

    private func wait(onFirst: () -> Void, onSecond: () -> Void) {
        var set = Self.signalSet()
        while true {
            var number: Int32 = 0
            guard sigwait(&set, &number) == 0 else { continue }
            let isFirst = first.withLock { first in
                defer { first = first ?? number }
                return first == nil
            }
            if isFirst {
                onFirst()
            } else {
                onSecond()
                _exit(128 + number)
            }
        }
    }

    private static func signalSet() -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for number in signals { sigaddset(&set, number) }
        return set
    }
}
