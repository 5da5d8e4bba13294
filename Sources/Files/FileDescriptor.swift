import CLinux
import Glibc
import Synchronization
import SystemErrors

/// A descriptor, closed when its owner lets it go.
package final class FileDescriptor: Sendable {
    private let number: Atomic<Int32>

    package init(owning number: Int32) {
        self.number = Atomic(number)
    }

    deinit {
        if raw >= 0 { close(raw) }
    }

    /// The number, for calls that leave the descriptor open; -1 once it was released.
    package var raw: Int32 { number.load(ordering: .relaxed) }

    /// Gives the descriptor to an owner outside this type.
    package func release() -> Int32 {
        number.exchange(-1, ordering: .relaxed)
    }

    package func setNonBlocking() {
        _ = fcntl(raw, F_SETFL, fcntl(raw, F_GETFL) | O_NONBLOCK)
    }

    /// A file in memory (memfd_create(2)), closed on exec.
    package static func makeMemoryFile() throws(NoDescriptor) -> FileDescriptor {
        let number = psrun_memory_file("psrun")
        guard number >= 0 else { throw NoDescriptor(code: errno) }
        return FileDescriptor(owning: number)
    }

    /// Makes these bytes the whole content of a file that can be sought in, and its position the beginning.
    /// - Returns: false where not all of them could be written; errno tells why.
    @discardableResult
    package func setContent(_ bytes: [UInt8]) -> Bool {
        guard ftruncate(raw, 0) == 0 else { return false }
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes { pwrite(raw, $0.baseAddress, $0.count, off_t(offset)) }
            guard count > 0 || count < 0 && errno == EINTR else { return false }
            offset += max(count, 0)
        }
        return lseek(raw, 0, SEEK_SET) == 0
    }

    /// A pipe, both ends closed on exec.
    package static func makePipe() throws(NoDescriptor) -> (reading: FileDescriptor, writing: FileDescriptor) {
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw NoDescriptor(code: errno) }
        return (FileDescriptor(owning: ends[0]), FileDescriptor(owning: ends[1]))
    }

    /// Two stream sockets joined to each other, both closed on exec.
    package static func makeSocketPair() throws(NoDescriptor) -> (FileDescriptor, FileDescriptor) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw NoDescriptor(code: errno) }
        return (FileDescriptor(owning: ends[0]), FileDescriptor(owning: ends[1]))
    }
}

/// The system gave no descriptor, or no thread: the process, the user or the machine has as many as it may have.
package struct NoDescriptor: Error, Sendable, Hashable {
    /// The error number, as of pipe2(2): EMFILE, ENFILE or ENOMEM; EAGAIN for a thread, as of pthread_create(3).
    package let code: Int32

    package init(code: Int32) {
        self.code = code
    }

    package var reason: String { describe(errno: code) }

    /// What a user can do about it: the whole of a sentence.
    package var cure: String { code == EAGAIN ? "Raise `ulimit -u`." : "Raise `ulimit -n`." }
}
