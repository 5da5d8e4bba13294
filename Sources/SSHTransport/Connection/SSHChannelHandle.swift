import CLibSSH
import Connections

/// A channel of a session, and what the server told of it. Used on its loop alone.
///
/// What comes is handed to `onData` out of libssh's own buffer. While `isPaused` it stays there, which closes the
/// window after 1.28 MB (libssh 0.10.6, WINDOWBASE): nothing is read ahead without bound.
final class SSHChannelHandle {
    /// Nil once it was let go: a session that ends takes its channels with it.
    private var channel: OpaquePointer?
    /// Keeps the session alive for as long as its channel is used.
    private let session: SSHSessionHandle
    private let callbacks: UnsafeMutablePointer<ssh_channel_callbacks_struct>
    private var scratch: [UInt8] = []

    var isPaused = false
    private(set) var hasLeftover = false
    private(set) var isAtEnd = false
    private(set) var isClosed = false
    private(set) var exitStatus = ExitStatus.unknown
    /// Takes bytes: of standard error where the flag is set.
    var onData: ((_ bytes: UnsafeRawBufferPointer, _ isDiagnostics: Bool) -> Void)?

    /// Called when no more bytes will come.
    var onEnd: (() -> Void)?
    /// Called when it is known how its process ended; bytes may come all the same.
    var onExit: (() -> Void)?

    init(_ channel: OpaquePointer, session: SSHSessionHandle) {
        self.channel = channel
        self.session = session
        callbacks = .allocate(capacity: 1)
        callbacks.initialize(to: ssh_channel_callbacks_struct())
        callbacks.pointee.size = MemoryLayout<ssh_channel_callbacks_struct>.size
        callbacks.pointee.userdata = Unmanaged.passUnretained(self).toOpaque()
        callbacks.pointee.channel_data_function = { _, _, bytes, count, isDiagnostics, context in
            SSHChannelHandle.from(context)?.take(bytes, Int(count), isDiagnostics: isDiagnostics != 0) ?? 0
        }
        callbacks.pointee.channel_eof_function = { _, _, context in
            guard let channel = SSHChannelHandle.from(context) else { return }
            channel.isAtEnd = true
            channel.onEnd?()
        }
        callbacks.pointee.channel_close_function = { _, _, context in SSHChannelHandle.from(context)?.isClosed = true }
        callbacks.pointee.channel_exit_status_function = { _, _, status, context in
            SSHChannelHandle.from(context)?.hasExited(.code(Int32(status)))
        }
        callbacks.pointee.channel_exit_signal_function = { _, _, name, _, _, _, context in
            SSHChannelHandle.from(context)?.hasExited(.signal(name.map { String(cString: $0) } ?? ""))
        }
        ssh_set_channel_callbacks(channel, callbacks)
    }

    deinit {
        release()
        session.forget(self)
        callbacks.deallocate()
    }

    /// Closes the channel.
    func release() {
        guard let channel else { return }
        self.channel = nil
        ssh_remove_channel_callbacks(channel, callbacks)
        ssh_channel_free(channel)
    }

    func openSession() throws -> SSHStep {
        try session.step(ssh_channel_open_session(channel))
    }

    /// Opens a way on from the server to another host (RFC 4254, 7.2).
    func openForward(host: String, port: UInt16) throws -> SSHStep {
        try session.step(ssh_channel_open_forward(channel, host, CInt(port), "127.0.0.1", 0))
    }

    /// Asks the server to set a variable for the program that is started next.
    func setVariable(_ name: String, _ value: String) throws -> SSHStep {
        try session.step(ssh_channel_request_env(channel, name, value))
    }

    /// Starts what speaks PSRP (RFC 4254, 6.5).
    func request(_ service: SSHService) throws -> SSHStep {
        switch service {
        case .subsystem(let name): try session.step(ssh_channel_request_subsystem(channel, name))
        case .command(let line): try session.step(ssh_channel_request_exec(channel, line))
        }
    }

    /// Sends what the window takes.
    /// - Returns: the number of bytes, which may be 0.
    func write(_ bytes: ArraySlice<UInt8>) throws -> Int {
        let count = bytes.withUnsafeBytes { bytes in
            ssh_channel_write(channel, bytes.baseAddress, UInt32(clamping: min(bytes.count, 256 << 10)))
        }
        guard count >= 0 else { throw session.failure() }
        return Int(count)
    }

    /// Hands over what was left while paused, which opens the window again.
    func drain() throws {
        if scratch.isEmpty { scratch = [UInt8](repeating: 0, count: 64 << 10) }
        for isDiagnostics in [false, true] {
            while !isPaused {
                let count = ssh_channel_read_nonblocking(
                    channel,
                    &scratch,
                    UInt32(scratch.count),
                    isDiagnostics ? 1 : 0
                )
                guard count > 0 else { break }
                scratch.withUnsafeBytes {
                    onData?(UnsafeRawBufferPointer(rebasing: $0.prefix(Int(count))), isDiagnostics)
                }
            }
        }
        hasLeftover = isPaused
    }

    private func take(_ bytes: UnsafeMutableRawPointer?, _ count: Int, isDiagnostics: Bool) -> CInt {
        // What comes together with the word that the program runs waits for whoever will take it.
        guard let onData, !isPaused, !hasLeftover else {
            hasLeftover = true
            return 0
        }
        onData(UnsafeRawBufferPointer(start: bytes, count: count), isDiagnostics)
        return CInt(clamping: count)
    }

    private func hasExited(_ status: ExitStatus) {
        exitStatus = status
        onExit?()
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> SSHChannelHandle? {
        context.map { Unmanaged<SSHChannelHandle>.fromOpaque($0).takeUnretainedValue() }
    }
}
