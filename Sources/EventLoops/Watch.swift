package import Files
import Glibc

/// A descriptor that its loop watches: owned here, confined to the loop, ended by `cancel`.
package final class Watch {
    private let loop: EventLoop
    private let token: DescriptorToken
    private var descriptor: FileDescriptor?
    package let raw: Int32

    package init(
        _ descriptor: FileDescriptor,
        _ interest: Readiness,
        on loop: EventLoop,
        _ handler: @escaping (Readiness) -> Void
    ) throws(WatchFailure) {
        self.loop = loop
        self.descriptor = descriptor
        raw = descriptor.raw
        descriptor.setNonBlocking()
        token = try loop.add(raw, interest, handler)
    }

    /// Changes what the descriptor is watched for.
    /// - Throws: WatchFailure: the loop cannot tell of it any more.
    package func want(_ interest: Readiness) throws(WatchFailure) {
        try loop.update(token, interest)
    }

    /// Ends the watch, and closes the descriptor.
    package func cancel() {
        loop.remove(token)
        descriptor = nil
    }

    /// Reads what is there. The room for it is taken for this call alone: thousands of sessions wait at a time.
    /// - Returns: none at the end, nil where there is nothing now; an error counts as the end.
    package func read(atMost limit: Int = 64 << 10) -> [UInt8]? {
        withUnsafeTemporaryAllocation(byteCount: limit, alignment: 1) { room in
            while true {
                let count = Glibc.read(raw, room.baseAddress, room.count)
                if count >= 0 { return [UInt8](room[..<count]) }
                if errno == EAGAIN { return nil }
                if errno != EINTR { return [] }
            }
        }
    }

    /// Writes what the descriptor takes now.
    /// - Returns: the number of bytes, which may be 0; nil where the other side is gone.
    package func write(_ bytes: ArraySlice<UInt8>) -> Int? {
        while true {
            // The loop's thread takes no signals, SIGPIPE included.
            let count = bytes.withUnsafeBytes { Glibc.write(raw, $0.baseAddress, $0.count) }
            if count >= 0 { return count }
            if errno == EAGAIN { return 0 }
            if errno != EINTR { return nil }
        }
    }
}
