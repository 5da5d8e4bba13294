import CShellGuard
import Glibc
import PSRP

/// The endpoint's one loop: a client on two descriptors, shells, and a session between them.
final class EndpointLoop {
    /// Bytes for the client that may wait before the shells' output is left in its pipes; requests are taken up to twice
    /// as many, so that a Signal gets through.
    private static let outgoingLimit = 1 << 20
    /// Bytes for the client that are taken from the session ahead of their writing. Few: a stopped pipeline's output is
    /// dropped as long as the session has it.
    private static let writeAhead = 1 << 13
    /// Bytes that the system may hold of what was written, for the same reason: Linux makes it twice as many of a socket.
    private static let systemBuffer: Int32 = 1 << 14
    /// How long the client of a closed pool is waited for, in milliseconds. PowerShell's client takes an endpoint that
    /// ends first for one that died.
    private static let leavingPatience: UInt64 = 10_000
    /// The status of a real server that got a blank line, the end of its input or junk.
    private static let fatalStatus: Int32 = 160
    /// POLLRDHUP of poll(2): the other end writes no more.
    private static let hangUp: Int32 = 0x2000
    /// F_SETPIPE_SZ of fcntl(2).
    private static let setPipeSize: Int32 = 1031

    private let incoming: Int32
    private let outgoing: Int32
    private var session: EndpointSession
    private let shells: ShellPool
    /// What both of them are, where that outlives its clients.
    private let channel: ChannelPort?
    private var pending: [UInt8] = []
    private var sent = 0
    /// When code may be given back, and whether a line has ended since that was done.
    private var nextForgetting: UInt64 = 0
    private var hasRun = false
    /// The client writes no more: what it has written is read, whatever waits for it.
    private var clientLeft = false

    init(
        _ incoming: Int32,
        _ outgoing: Int32,
        session: EndpointSession,
        shells: ShellPool,
        channel: ChannelPort? = nil
    ) {
        self.incoming = incoming
        self.outgoing = outgoing
        self.session = session
        self.shells = shells
        self.channel = channel
    }

    private var waitingBytes: Int { pending.count - sent + session.pendingByteCount }

    /// Serves until the client closes its pool or goes away.
    /// - Returns: the exit status.
    func run() -> Int32 {
        boundSystemBuffer()
        while true {
            collect()
            if hasRun, session.isIdle, sent == pending.count { forgetCode() }
            let takesAny = waitingBytes < Self.outgoingLimit
            let stopping = shells.runspaces.filter { session.isStopping($0) }
            let takesOutput = { takesAny || stopping.contains($0) }
            let takesRequests = clientLeft || waitingBytes < 2 * Self.outgoingLimit
            var waits = shells.waits(takesOutput: takesOutput)
            waits.append(entry(incoming, takesRequests ? POLLIN : Self.hangUp))
            if sent < pending.count { waits.append(entry(outgoing, POLLOUT)) }
            let hasRequests = takesRequests && channel?.hasInput == true
            guard poll(&waits, nfds_t(waits.count), hasRequests ? 0 : timeout) >= 0 || errno == EINTR else { return 1 }
            if hasRequests, let status = receive() { return status }
            for wait in waits where wait.revents != 0 {
                if wait.fd == outgoing, wait.events == Int16(POLLOUT), !write() { return Self.fatalStatus }
                if wait.fd == incoming, wait.events == Int16(POLLIN), let status = receive() { return status }
                if wait.fd == incoming, wait.events == Int16(Self.hangUp) { clientLeft = true }
            }
            driveShells(takesOutput: takesOutput)
            if session.isClosing { return close() }
        }
    }

    /// Gives back the program's code that is not needed while the session waits for its next line: that of its opening is
    /// needed once. It is done behind the first line, and later once a second at most.
    private func forgetCode() {
        let now = Clock.milliseconds()
        guard now >= nextForgetting else { return }
        (nextForgetting, hasRun) = (now + 1_000, false)
        guard_forget_code()
    }

    /// Where the other end cannot be bounded, it stays as it is.
    private func boundSystemBuffer() {
        var size = Self.systemBuffer
        let length = socklen_t(MemoryLayout.size(ofValue: size))
        guard setsockopt(outgoing, SOL_SOCKET, SO_SNDBUF, &size, length) != 0, errno == ENOTSOCK else { return }
        _ = fcntl(outgoing, Self.setPipeSize, size)
    }

    private func entry(_ descriptor: Int32, _ events: Int32) -> pollfd {
        pollfd(fd: descriptor, events: Int16(events), revents: 0)
    }

    private var timeout: Int32 {
        guard let deadline = shells.deadline else { return -1 }
        let now = Clock.milliseconds()
        return deadline > now ? Int32(min(deadline - now, 60_000)) : 0
    }

    private func driveShells(takesOutput: (Int) -> Bool) {
        handleRequests()
        for runspace in shells.runspaces {
            do throws(EndpointError) {
                for event in try shells.advance(runspace, takesOutput: takesOutput(runspace)) {
                    session.handle(event, in: runspace)
                    if case .ended = event { hasRun = true }
                    if case .gone = event { shells.remove(runspace) }
                }
            } catch {
                drop(runspace, error)
            }
            handleRequests()
        }
    }

    private func handleRequests() {
        while let next = session.nextRequest() {
            do throws(EndpointError) {
                try shells.handle(next.request, for: next.runspace)
            } catch {
                drop(next.runspace, error)
            }
        }
    }

    private func drop(_ runspace: Int, _ error: EndpointError) {
        shells.remove(runspace)
        session.shellFailed(error.message, in: runspace)
    }

    /// - Returns: a status where the session cannot go on.
    private func receive() -> Int32? {
        if let channel {
            switch channel.read() {
            case .bytes(let bytes): return take(bytes)
            case .nothing: return nil
            // There is nobody whom it could be told.
            case .over: return Self.fatalStatus
            }
        }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(incoming, &bytes, bytes.count)
        guard count > 0 else {
            if count < 0 && (errno == EINTR || errno == EAGAIN) { return nil }
            return fail("The client's end of the session was closed.")
        }
        return take(Array(bytes[..<count]))
    }

    private func take(_ bytes: [UInt8]) -> Int32? {
        do throws(PSRPError) {
            try session.receive(bytes)
            return nil
        } catch {
            return fail(error.message)
        }
    }

    /// Tells the client, in the form of a real server, why the session ends.
    private func fail(_ message: String) -> Int32 {
        flush(then: OutOfProcessErrorLine.bytes(message))
        return Self.fatalStatus
    }

    private func close() -> Int32 {
        shells.end(patience: 500)
        session.finish()
        flush()
        awaitLeaving()
        return 0
    }

    /// Reads on until the client has closed its end, since it is the client that leaves first.
    private func awaitLeaving() {
        let deadline = Clock.milliseconds() + Self.leavingPatience
        var bytes = [UInt8](repeating: 0, count: 1 << 12)
        while true {
            var wait = entry(incoming, POLLIN)
            let now = Clock.milliseconds()
            guard now < deadline, channel?.hasInput == true || poll(&wait, 1, Int32(deadline - now)) != 0 else {
                return
            }
            if let channel {
                if case .over = channel.read() { return }
                continue
            }
            let count = read(incoming, &bytes, bytes.count)
            guard count > 0 || count < 0 && (errno == EINTR || errno == EAGAIN) else { return }
        }
    }

    private func collect() {
        guard pending.count - sent < Self.writeAhead, session.pendingByteCount > 0 else { return }
        pending.removeFirst(sent)
        sent = 0
        pending += session.bytesToSend(limit: Self.writeAhead)
    }

    /// Writes what can be written now.
    /// - Returns: false when nobody reads any more.
    private func write() -> Bool {
        let chunk = pending[sent...]
        var count = chunk.withUnsafeBytes { send(outgoing, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT)) }
        if count < 0 && errno == ENOTSOCK {
            // A pipe that poll(2) calls writable takes this many bytes without waiting.
            count = chunk.prefix(4096).withUnsafeBytes { Glibc.write(outgoing, $0.baseAddress, $0.count) }
        }
        guard count >= 0 else { return errno == EAGAIN || errno == EINTR }
        sent += count
        return true
    }

    /// Writes all that waits and a last line, to a client that reads it within a few seconds. It is taken from the session
    /// as it is written: for one that does not read, the rest need not be made.
    private func flush(then last: [UInt8] = []) {
        let deadline = Clock.milliseconds() + 5_000
        var last = last
        while Clock.milliseconds() < deadline {
            collect()
            if sent == pending.count {
                pending += last
                last = []
            }
            guard sent < pending.count else { return }
            var wait = entry(outgoing, POLLOUT)
            let isReady = poll(&wait, 1, 1_000) > 0
            // Of a channel whose client has hung up nothing else tells.
            guard !isReady || wait.revents & Int16(POLLHUP) == 0 && write() else { return }
        }
    }
}
