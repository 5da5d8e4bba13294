import Files
import Glibc
import SystemErrors

/// Sockets of the broker's folder.
enum LocalSocket {
    private static let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)

    /// - Throws: BrokerError
    static func listen(at path: String) throws(BrokerError) -> FileDescriptor {
        guard let address = UnixAddress(path) else {
            throw BrokerError("\(path) is too long a name for a socket: set XDG_RUNTIME_DIR to a shorter folder.")
        }
        let listener = FileDescriptor(owning: socket(AF_UNIX, kind, 0))
        guard listener.raw >= 0, address.withPointer({ bind(listener.raw, $0, $1) }) == 0,
            Glibc.listen(listener.raw, backlog) == 0
        else {
            throw BrokerError("\(path) cannot be listened on: \(describe(errno: errno)).")
        }
        return listener
    }

    private static let backlog: Int32 = 128

    /// The next client; nil where there is none, or the next is not this user.
    static func accept(_ listener: FileDescriptor) -> FileDescriptor? {
        let number = Glibc.accept(listener.raw, nil, nil)
        guard number >= 0 else { return nil }
        let client = FileDescriptor(owning: number)
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        client.setNonBlocking()
        return peer(of: client)?.user == geteuid() ? client : nil
    }

    /// What connecting came to.
    enum Outcome {
        case connected(FileDescriptor)
        /// Nobody is there: the file is missing.
        case missing
        /// The file is there, and nobody listens any more.
        case stale
        /// So many wait that there is no room for one more now.
        case crowded
    }

    /// - Throws: BrokerError
    static func connect(to path: String) throws(BrokerError) -> Outcome {
        guard let address = UnixAddress(path) else {
            throw BrokerError("\(path) is too long a name for a socket: set XDG_RUNTIME_DIR to a shorter folder.")
        }
        let client = FileDescriptor(owning: socket(AF_UNIX, kind, 0))
        guard client.raw >= 0 else { throw BrokerError("No socket can be made: \(describe(errno: errno)).") }
        guard address.withPointer({ Glibc.connect(client.raw, $0, $1) }) == 0 else {
            switch errno {
            case ENOENT: return .missing
            case ECONNREFUSED: return .stale
            case EAGAIN, EINTR: return .crowded
            default: throw BrokerError("\(path) cannot be connected to: \(describe(errno: errno)).")
            }
        }
        guard peer(of: client)?.user == geteuid() else {
            throw BrokerError("Whoever listens on \(path) is not you: nothing is said there.")
        }
        return .connected(client)
    }

    /// The process and the user at the other end, as they were when it connected, or began to listen (SO_PEERCRED of
    /// unix(7): process, user and group); nil where the system does not tell. A process of another namespace is 0.
    static func peer(of socket: FileDescriptor) -> (process: pid_t, user: uid_t)? {
        var credentials: [UInt32] = [0, 0, 0]
        var length = socklen_t(MemoryLayout<UInt32>.size * credentials.count)
        guard getsockopt(socket.raw, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 else { return nil }
        return (pid_t(bitPattern: credentials[0]), credentials[1])
    }
}
