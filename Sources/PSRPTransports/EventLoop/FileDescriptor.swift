import CLinux
import Glibc
import Synchronization
import SystemErrors

/// A descriptor, closed when its owner lets it go.
final class FileDescriptor: Sendable {
    private let number: Atomic<Int32>

    init(owning number: Int32) {
        self.number = Atomic(number)
    }

    deinit {
        if raw >= 0 { close(raw) }
    }

    /// The number, for calls that leave the descriptor open; -1 once it was released.
    var raw: Int32 { number.load(ordering: .relaxed) }

    /// Gives the descriptor to an owner outside this type.
    func release() -> Int32 {
        number.exchange(-1, ordering: .relaxed)
    }

    func setNonBlocking() {
        _ = fcntl(raw, F_SETFL, fcntl(raw, F_GETFL) | O_NONBLOCK)
    }

    /// A pipe, both ends closed on exec.
    static func makePipe() throws(TransportError) -> (reading: FileDescriptor, writing: FileDescriptor) {
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw .noDescriptor(errno) }
        return (FileDescriptor(owning: ends[0]), FileDescriptor(owning: ends[1]))
    }

    /// Two stream sockets joined to each other, both closed on exec.
    static func makeSocketPair() throws(TransportError) -> (FileDescriptor, FileDescriptor) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw .noDescriptor(errno) }
        return (FileDescriptor(owning: ends[0]), FileDescriptor(owning: ends[1]))
    }
}

extension TransportError {
    static func noDescriptor(_ code: Int32) -> TransportError {
        TransportError(
            .processFailed,
            phase: nil,
            "no descriptor for a new connection: \(describe(errno: code)). A lower fan-out or a higher `ulimit -n` helps."
        )
    }
}
