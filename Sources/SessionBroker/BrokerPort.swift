import Files
import Glibc

/// One of the broker's streams: what was read of it is the caller's, what is to be written waits here.
final class BrokerPort {
    /// Bytes that wait for one side before the other is left unread.
    static let highWater = 1 << 20

    let descriptor: FileDescriptor
    private var pending: [UInt8] = []
    private var sent = 0
    /// Nothing can be written any more.
    private(set) var isDeaf = false

    init(_ descriptor: FileDescriptor) {
        descriptor.setNonBlocking()
        self.descriptor = descriptor
    }

    var waitingBytes: Int { pending.count - sent }
    var hasRoom: Bool { waitingBytes < Self.highWater }

    func send(_ bytes: [UInt8]) {
        guard !bytes.isEmpty, !isDeaf else { return }
        if sent > 0 { pending.removeFirst(sent) }
        sent = 0
        pending += bytes
        flush()
    }

    /// Writes what can be written now.
    func flush() {
        while waitingBytes > 0, !isDeaf {
            let count = pending[sent...].withUnsafeBytes { write(descriptor.raw, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return }
            guard count > 0 else {
                isDeaf = true
                break
            }
            sent += count
        }
        (pending, sent) = ([], 0)
    }

    /// - Returns: empty at the end; nil where there is nothing now.
    func receive() -> [UInt8]? {
        var count = 0
        let limit = 1 << 16
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, initialized in
            repeat { count = read(descriptor.raw, buffer.baseAddress, limit) } while count < 0 && errno == EINTR
            initialized = max(count, 0)
        }
        return count < 0 && errno == EAGAIN ? nil : bytes
    }

    /// Whether the other end is gone or writes no more, whatever it has written before.
    var hasLeft: Bool {
        var entry = pollfd(fd: descriptor.raw, events: Int16(Self.hangUp), revents: 0)
        return poll(&entry, 1, 0) > 0
    }

    /// Whether the other end is gone altogether, and reads nothing any more.
    var isAbandoned: Bool {
        var entry = pollfd(fd: descriptor.raw, events: 0, revents: 0)
        return poll(&entry, 1, 0) > 0 && entry.revents & Int16(POLLHUP | POLLERR) != 0
    }

    /// What to wait for.
    func wait(reading: Bool) -> pollfd {
        let events = (reading ? POLLIN : Self.hangUp) | (waitingBytes > 0 ? POLLOUT : 0)
        return pollfd(fd: descriptor.raw, events: Int16(events), revents: 0)
    }

    /// POLLRDHUP of poll(2): the other end writes no more.
    private static let hangUp: Int32 = 0x2000
}
