import CLinux
import Glibc
import SystemErrors

/// Wakes one waiting thread: an eventfd(2).
final class Doorbell: Sendable {
    private let descriptor: Int32

    init() throws(SystemError) {
        descriptor = psrun_event_counter()
        guard descriptor >= 0 else { throw SystemError("eventfd", "", errno) }
    }

    deinit {
        close(descriptor)
    }

    /// Ends a wait, the present one or the next.
    func ring() {
        var count: UInt64 = 1
        write(descriptor, &count, 8)
    }

    /// Returns when it was rung since the last wait, or after so many milliseconds; -1 waits for ever.
    func wait(milliseconds: Int32) {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&request, 1, milliseconds)
        var count: UInt64 = 0
        read(descriptor, &count, 8)
    }
}
