import Files
import Glibc
import SystemErrors

/// The socket file of a process's pipe: looked at by descriptor, so that what was checked is what is connected to.
struct PipeFile {
    private let path: String
    private let descriptor: FileDescriptor

    /// - Throws: PipeFailure: it is not there, is not a socket, or is somebody else's.
    init(_ path: String) throws(PipeFailure) {
        self.path = path
        do throws(SystemError) {
            descriptor = try FilePaths.look(at: path)
        } catch {
            throw error.code == ENOENT ? .missing(path) : .system(path, reason: describe(errno: error.code))
        }
        var status = stat()
        guard fstat(descriptor.raw, &status) == 0 else { throw .system(path, reason: describe(errno: errno)) }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notSocket(path) }
        guard status.st_uid == geteuid() else { throw .foreign(path, owner: ThisUser.name(of: status.st_uid)) }
    }

    /// Connects to it, without waiting.
    /// - Returns: nil where so many wait already that there is no room for one more now.
    /// - Throws: PipeFailure.
    func connect() throws(PipeFailure) -> FileDescriptor? {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let number = socket(AF_UNIX, kind, 0)
        guard number >= 0 else { throw .system(path, reason: describe(errno: errno)) }
        let socket = FileDescriptor(owning: number)
        // A path of its own may be longer than an address takes.
        guard let address = UnixAddress("/proc/self/fd/\(descriptor.raw)") else { return nil }
        if address.withPointer({ Glibc.connect(number, $0, $1) }) == 0 { return socket }
        switch errno {
        case EAGAIN, EINTR: return nil
        case ECONNREFUSED, ENOENT: throw .stale(path)
        default: throw .system(path, reason: describe(errno: errno))
        }
    }
}
