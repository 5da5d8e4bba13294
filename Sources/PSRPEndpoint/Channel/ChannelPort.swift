import CShellGuard
import Files
import Glibc
import PSRP

/// The guest's end of a virtual machine's channel (drivers/char/virtio_console.c of Linux): one stream, on which clients come
/// one after the other. That one hangs up is told as the end of a file, which is over once the next one is there, and so may
/// be missed; a greeting begins anew whatever was before.
final class ChannelPort {
    /// What a session is told.
    enum Input {
        case bytes([UInt8])
        /// Nothing came.
        case nothing
        /// The client has hung up, another one has begun, or the port is gone.
        case over
    }

    let descriptor: FileDescriptor
    private let changes: FileDescriptor
    private var reader = ChannelReader()
    /// What came for the session, and was not read yet.
    private var waiting: [UInt8] = []
    /// That of a client that waits for its answer.
    private var greeting: ChannelGreeting?
    /// Whether anything came of a client that has not hung up.
    private var isVisited = false
    /// Whether what comes is what is left of a session that is over.
    private var isSpent = false
    private var isGone = false

    /// - Throws: EndpointError: it cannot be opened.
    init(_ path: String) throws(EndpointError) {
        let number = guard_open(path, O_RDWR | O_NONBLOCK | O_NOCTTY)
        guard number >= 0 else { throw EndpointError.system("open the channel \(path)") }
        descriptor = FileDescriptor(owning: number)
        var status = stat()
        guard fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFCHR else {
            throw EndpointError("psrun endpoint cannot serve on \(path): it is not a port of a virtual machine.")
        }
        let watch = guard_watch_changes(number)
        guard watch >= 0 else { throw EndpointError.system("watch the channel \(path)") }
        changes = FileDescriptor(owning: watch)
    }

    /// Whether `read` has something without looking at the port.
    var hasInput: Bool { !waiting.isEmpty || greeting != nil || isGone }

    /// What comes for the session, by one look at the port at most.
    func read() -> Input {
        if !hasInput { look() }
        guard waiting.isEmpty || greeting != nil else {
            defer { waiting = [] }
            return .bytes(waiting)
        }
        return greeting != nil || isGone || !isVisited ? .over : .nothing
    }

    /// Waits for the next client, as long as that takes, and answers its greeting.
    /// - Returns: false where the port is gone.
    func awaitClient(as user: String) -> Bool {
        while !isGone {
            if let next = greeting.take() {
                write(ChannelGreeting(nonce: next.nonce, user: user).bytes)
                return true
            }
            if !waiting.isEmpty { return true }
            guard look() else { continue }
            if isVisited {
                var wait = pollfd(fd: descriptor.raw, events: Int16(POLLIN), revents: 0)
                poll(&wait, 1, -1)
            } else {
                // While nobody is there, poll(2) would return at once.
                guard_await_change(changes.raw)
            }
        }
        return false
    }

    /// The session is over: what its client says from now on is for nobody.
    func endSession() {
        guard isVisited, greeting == nil else { return }
        (isSpent, waiting) = (true, [])
    }

    /// Takes what is there now.
    /// - Returns: whether that was nothing.
    @discardableResult
    private func look() -> Bool {
        errno = 0
        guard let bytes = descriptor.read(limit: 1 << 16) else { return true }
        guard !bytes.isEmpty else {
            // What cannot be read any more reads like an end.
            isGone = errno != 0
            reader.reset()
            (isVisited, isSpent) = (false, false)
            return true
        }
        isVisited = true
        for piece in reader.receive(bytes) {
            switch piece {
            case .bytes(let bytes): if !isSpent { waiting += bytes }
            case .greeting(let next): (greeting, waiting, isSpent) = (next, [], false)
            }
        }
        return false
    }

    private func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while let count = descriptor.write(rest) {
            rest = rest.dropFirst(count)
            guard !rest.isEmpty else { return }
            var wait = pollfd(fd: descriptor.raw, events: Int16(POLLOUT), revents: 0)
            guard poll(&wait, 1, 5_000) > 0, wait.revents & Int16(POLLHUP) == 0 else { return }
        }
    }
}
