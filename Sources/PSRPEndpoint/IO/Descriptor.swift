import CShellGuard
import Glibc

/// An open file descriptor, closed with its last reference.
final class Descriptor {
    let number: Int32

    init(_ number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }

    /// A pipe, neither of its ends inherited by programs that are started.
    /// - Throws: `EndpointError`
    static func pipe() throws(EndpointError) -> (reading: Descriptor, writing: Descriptor) {
        var ends: [Int32] = [-1, -1]
        guard guard_pipe(&ends) == 0 else { throw EndpointError.system("make a pipe") }
        return (Descriptor(ends[0]), Descriptor(ends[1]))
    }

    /// A file in memory, named only for those who look at the process.
    /// - Throws: `EndpointError`
    static func memoryFile() throws(EndpointError) -> Descriptor {
        let number = guard_memory_file("psrun")
        guard number >= 0 else { throw EndpointError.system("make a memory file") }
        return Descriptor(number)
    }

    /// What takes every byte and keeps none.
    /// - Throws: `EndpointError`
    static func nowhere() throws(EndpointError) -> Descriptor {
        let number = guard_open("/dev/null", O_WRONLY)
        guard number >= 0 else { throw EndpointError.system("open /dev/null") }
        return Descriptor(number)
    }

    /// The same file, opened once more.
    /// - Throws: `EndpointError`
    func reopened(_ flags: Int32) throws(EndpointError) -> Descriptor {
        let number = guard_open("/proc/self/fd/\(number)", flags)
        guard number >= 0 else { throw EndpointError.system("open a pipe again") }
        return Descriptor(number)
    }

    func setNonblocking() {
        _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK)
    }

    /// Bytes that can be read now.
    var readableBytes: Int { Int(guard_readable_bytes(number)) }

    /// One read of at most `limit` bytes.
    /// - Returns: empty at the end; nil when nothing can be read now.
    func read(limit: Int) -> [UInt8]? {
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, initialized in
            repeat { count = Glibc.read(number, buffer.baseAddress, limit) } while count < 0 && errno == EINTR
            initialized = max(count, 0)
        }
        return count < 0 && errno == EAGAIN ? nil : bytes
    }

    /// One write.
    /// - Returns: how many bytes were taken: 0 when none can be taken now; nil when nobody reads any more.
    func write(_ bytes: ArraySlice<UInt8>) -> Int? {
        var count = 0
        repeat {
            count = bytes.withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) }
        } while count < 0 && errno == EINTR
        guard count < 0 else { return count }
        return errno == EAGAIN ? 0 : nil
    }

    /// Makes these bytes the whole content of a memory file.
    func setContent(_ bytes: [UInt8]) {
        ftruncate(number, 0)
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes { pwrite(number, $0.baseAddress, $0.count, off_t(offset)) }
            guard count > 0 || errno == EINTR else { return }
            offset += max(count, 0)
        }
        lseek(number, 0, SEEK_SET)
    }
}
