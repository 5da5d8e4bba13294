import CShellGuard
import Files
import Glibc

/// What the endpoint does with its descriptors.
extension FileDescriptor {
    /// A pipe, neither of its ends inherited by programs that are started.
    /// - Throws: `EndpointError`
    static func pipe() throws(EndpointError) -> (reading: FileDescriptor, writing: FileDescriptor) {
        do throws(NoDescriptor) { return try makePipe() } catch {
            throw EndpointError("psrun endpoint could not make a pipe: \(error.reason).")
        }
    }

    /// A file in memory, named only for those who look at the process.
    /// - Throws: `EndpointError`
    static func memoryFile() throws(EndpointError) -> FileDescriptor {
        do throws(NoDescriptor) { return try makeMemoryFile() } catch {
            throw EndpointError("psrun endpoint could not make a memory file: \(error.reason).")
        }
    }

    /// What takes every byte and keeps none.
    /// - Throws: `EndpointError`
    static func nowhere() throws(EndpointError) -> FileDescriptor {
        let number = guard_open("/dev/null", O_WRONLY)
        guard number >= 0 else { throw EndpointError.system("open /dev/null") }
        return FileDescriptor(owning: number)
    }

    /// The same file, opened once more.
    /// - Throws: `EndpointError`
    func reopened(_ flags: Int32) throws(EndpointError) -> FileDescriptor {
        let number = guard_open("/proc/self/fd/\(raw)", flags)
        guard number >= 0 else { throw EndpointError.system("open a pipe again") }
        return FileDescriptor(owning: number)
    }

    /// Bytes that can be read now.
    var readableBytes: Int { Int(guard_readable_bytes(raw)) }

    /// One read of at most `limit` bytes.
    /// - Returns: empty at the end; nil when nothing can be read now.
    func read(limit: Int) -> [UInt8]? {
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, initialized in
            repeat { count = Glibc.read(raw, buffer.baseAddress, limit) } while count < 0 && errno == EINTR
            initialized = max(count, 0)
        }
        return count < 0 && errno == EAGAIN ? nil : bytes
    }

    /// One write.
    /// - Returns: how many bytes were taken: 0 when none can be taken now; nil when nobody reads any more.
    func write(_ bytes: ArraySlice<UInt8>) -> Int? {
        var count = 0
        repeat {
            count = bytes.withUnsafeBytes { Glibc.write(raw, $0.baseAddress, $0.count) }
        } while count < 0 && errno == EINTR
        guard count < 0 else { return count }
        return errno == EAGAIN ? 0 : nil
    }
}
