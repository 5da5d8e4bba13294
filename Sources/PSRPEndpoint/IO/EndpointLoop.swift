import Glibc
import PSRP

/// The endpoint's one loop: a client on two descriptors, a shell, and a session between them.
final class EndpointLoop {
    /// Bytes for the client that may wait before the shell's output is left in its pipes; requests are taken up to twice
    /// as many, so that a Signal gets through.
    private static let outgoingLimit = 1 << 20
    /// The status of a real server that got a blank line, the end of its input or junk.
    private static let fatalStatus: Int32 = 160

    private let incoming: Int32
    private let outgoing: Int32
    private var session: EndpointSession
    private let shell: ShellHost?
    private var pending: [UInt8] = []
    private var sent = 0

    init(_ incoming: Int32, _ outgoing: Int32, session: EndpointSession, shell: ShellHost?) {
        self.incoming = incoming
        self.outgoing = outgoing
        self.session = session
        self.shell = shell
    }

    private var waitingBytes: Int { pending.count - sent + session.pendingByteCount }

    /// Serves until the client closes its pool or goes away.
    /// - Returns: the exit status.
    func run() -> Int32 {
        while true {
            collect()
            let takesOutput = waitingBytes < Self.outgoingLimit
            var waits = shell?.waits(takesOutput: takesOutput) ?? []
            if waitingBytes < 2 * Self.outgoingLimit { waits.append(entry(incoming, POLLIN)) }
            if sent < pending.count { waits.append(entry(outgoing, POLLOUT)) }
            guard poll(&waits, nfds_t(waits.count), timeout) >= 0 || errno == EINTR else { return 1 }
            for wait in waits where wait.revents != 0 {
                if wait.fd == outgoing, wait.events == Int16(POLLOUT), !write() { return Self.fatalStatus }
                if wait.fd == incoming, wait.events == Int16(POLLIN), let status = receive() { return status }
            }
            driveShell(takesOutput: takesOutput)
            if session.isClosing { return close() }
        }
    }

    private func entry(_ descriptor: Int32, _ events: Int32) -> pollfd {
        pollfd(fd: descriptor, events: Int16(events), revents: 0)
    }

    private var timeout: Int32 {
        guard let deadline = shell?.deadline else { return -1 }
        let now = Clock.milliseconds()
        return deadline > now ? Int32(min(deadline - now, 60_000)) : 0
    }

    private func driveShell(takesOutput: Bool) {
        do throws(EndpointError) {
            while let request = session.nextRequest() { try shell?.handle(request) }
            for event in try shell?.advance(takesOutput: takesOutput) ?? [] {
                session.handle(event)
                while let request = session.nextRequest() { try shell?.handle(request) }
            }
        } catch {
            session.shellFailed(error.message)
        }
    }

    /// - Returns: a status where the session cannot go on.
    private func receive() -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(incoming, &bytes, bytes.count)
        guard count > 0 else {
            if count < 0 && (errno == EINTR || errno == EAGAIN) { return nil }
            return fail("The client's end of the session was closed.")
        }
        do throws(PSRPError) {
            try session.receive(Array(bytes[..<count]))
            return nil
        } catch {
            return fail(error.message)
        }
    }

    /// Tells the client, in the form of a real server, why the session ends.
    private func fail(_ message: String) -> Int32 {
        collect()
        let line = message.split(separator: "\n").joined(separator: " ")
        pending += Array("__NamedPipeError__:\(line)\n".utf8)
        flush()
        return Self.fatalStatus
    }

    private func close() -> Int32 {
        shell?.end(patience: 500)
        session.finish()
        flush()
        return 0
    }

    private func collect() {
        guard session.pendingByteCount > 0 else { return }
        if sent > pending.count / 2 {
            pending.removeFirst(sent)
            sent = 0
        }
        pending += session.bytesToSend()
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

    /// Writes all that waits, to a client that reads it within a few seconds.
    private func flush() {
        collect()
        let deadline = Clock.milliseconds() + 5_000
        while sent < pending.count, Clock.milliseconds() < deadline {
            var wait = entry(outgoing, POLLOUT)
            guard poll(&wait, 1, 1_000) <= 0 || write() else { return }
        }
    }
}
