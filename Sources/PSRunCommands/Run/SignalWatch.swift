import Glibc
import Synchronization

/// SIGINT, SIGTERM and SIGHUP of this process: a handler writes each to a pipe, and a thread of its own reads them there.
final class SignalWatch: Sendable {
    private static let signals = [SIGINT, SIGTERM, SIGHUP]
    /// Written by the handler, which may do little more than that. Made before the handler is.
    private static let pipe: (reading: Int32, writing: Int32) = {
        var ends: [Int32] = [-1, -1]
        precondition(Glibc.pipe(&ends) == 0, "no descriptors left for a pipe")
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }()

    private let first = Mutex<Int32?>(nil)

    /// The first signal that came.
    var received: Int32? { first.withLock { $0 } }

    /// Begins to watch: the first signal is told to `onFirst`; a second one is told to `onSecond`, and ends the process at
    /// once. A signal that this process was started without (nohup, a shell's background) stays ignored.
    func start(onFirst: @escaping @Sendable () -> Void, onSecond: @escaping @Sendable () -> Void) {
        signal(SIGPIPE, SIG_IGN)
        let work = Unmanaged.passRetained(Work { [self] in watch(onFirst: onFirst, onSecond: onSecond) }).toOpaque()
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
        _ = Self.pipe
        for number in Self.signals { Self.handle(number) }
    }

    private final class Work {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }

    private static func handle(_ number: Int32) {
        var current = sigaction()
        sigaction(number, nil, &current)
        let isIgnored =
            unsafeBitCast(current.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
        guard !isIgnored else { return }
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { number in
            let saved = errno
            var byte = UInt8(truncatingIfNeeded: number)
            _ = write(SignalWatch.pipe.writing, &byte, 1)
            errno = saved
        }
        action.sa_flags = SA_RESTART
        sigaction(number, &action, nil)
    }

    private func watch(onFirst: () -> Void, onSecond: () -> Void) {
        while true {
            var byte: UInt8 = 0
            guard read(Self.pipe.reading, &byte, 1) == 1 else { continue }
            let number = Int32(byte)
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
}
