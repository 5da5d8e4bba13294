import CLibSSH
import Connections
import EventLoops
import Files
import Glibc
import SystemErrors

/// What libssh said when something failed; the caller knows the phase.
struct SSHFailure: Error {
    let text: String
    /// A request that the server refused, after which the session lives on.
    var isRefusal = false
    /// What is short on this computer, where that is why.
    var shortage: LocalShortage?
}

extension SSHFailure {
    /// The loop cannot watch the connection's socket.
    init(_ failure: WatchFailure) {
        self.init(
            text: "the connection cannot be watched: \(failure.reason)",
            shortage: LocalShortage(errno: failure.code)
        )
    }
}

/// Whether a non-blocking step is done or wants the socket to become ready.
enum SSHStep {
    case done
    case again
}

/// A libssh session on a socket that is already connected: the one owner of its pointer and, once `connect` was called,
/// of its socket. Used on its loop alone.
///
/// No file is read by it (PROCESS_CONFIG=0 and known_hosts paths that cannot exist), and no call waits
/// (libssh 0.10.6: each step polls once, with no timeout).
final class SSHSessionHandle {
    private let session: OpaquePointer
    private let event: OpaquePointer
    /// What libssh counts of the socket's bytes. It has the address, so this stays where it is.
    private let traffic: UnsafeMutablePointer<ssh_counter_struct>
    private var isInEvent = false
    private var isClosed = false
    /// The channels that are there, which do not keep themselves alive by it.
    private var channels: [ObjectIdentifier: () -> SSHChannelHandle?] = [:]
    let socket: Int32
    /// What the server sent in clear; of use while keys are being exchanged.
    private(set) var greeting = ServerGreeting()

    init(socket: FileDescriptor, settings: SSHSettings, hostKeyAlgorithms: [String]) throws {
        guard let session = ssh_new(), let event = ssh_event_new() else { throw SSHFailure(text: "out of memory") }
        self.session = session
        self.event = event
        self.socket = socket.raw
        traffic = .allocate(capacity: 1)
        traffic.initialize(to: ssh_counter_struct())
        ssh_set_counters(session, traffic, nil)
        var number = socket.raw
        ssh_set_blocking(session, 0)
        try set(SSH_OPTIONS_HOST, "target")
        // Each request names the user itself: this option takes no backslash and no dollar sign.
        try set(SSH_OPTIONS_USER, "user")
        try set(SSH_OPTIONS_SSH_DIR, "/dev/null/none")
        try set(SSH_OPTIONS_KNOWNHOSTS, "/dev/null/none")
        try set(SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null/none")
        var processConfig: CInt = 0
        ssh_options_set(session, SSH_OPTIONS_PROCESS_CONFIG, &processConfig)
        let hostKeys = hostKeyAlgorithms.joined(separator: ",")
        try choose("HostKeyAlgorithms", [SSH_OPTIONS_HOSTKEYS], hostKeys)
        try choose("PubkeyAcceptedAlgorithms", [SSH_OPTIONS_PUBLICKEY_ACCEPTED_TYPES], settings.publicKeyAlgorithms)
        try choose("KexAlgorithms", [SSH_OPTIONS_KEY_EXCHANGE], settings.kexAlgorithms)
        try choose("Ciphers", [SSH_OPTIONS_CIPHERS_C_S, SSH_OPTIONS_CIPHERS_S_C], settings.ciphers)
        try choose("MACs", [SSH_OPTIONS_HMAC_C_S, SSH_OPTIONS_HMAC_S_C], settings.macs)
        if settings.compression { try set(SSH_OPTIONS_COMPRESSION, "yes") }
        guard ssh_options_set(session, SSH_OPTIONS_FD, &number) == 0 else { throw failure() }
        // From here on libssh closes it.
        _ = socket.release()
    }

    deinit {
        close()
        ssh_event_free(event)
        ssh_free(session)
        traffic.deallocate()
    }

    // MARK: The handshake

    /// Banner and key exchange. Done once the server's host key is proved and the cipher is in use.
    func connect() throws -> SSHStep {
        listen()
        let result = ssh_connect(session)
        // libssh makes the socket blocking when it first sees it writable.
        if fcntl(socket, F_GETFL) & O_NONBLOCK == 0 { _ = fcntl(socket, F_SETFL, O_NONBLOCK) }
        return try step(result)
    }

    /// Looks at what has come and was not read yet: when the connection ends here, libssh forgets what the server said.
    private func listen() {
        var bytes = [UInt8](repeating: 0, count: ServerGreeting.limit)
        let count = recv(socket, &bytes, bytes.count, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
        if count > 0 { greeting.take(bytes[..<count], from: Int(clamping: traffic.pointee.in_bytes)) }
    }

    /// Whether the server's identification line has come.
    var hasBanner: Bool { ssh_get_serverbanner(session) != nil }

    /// The server's host key, once connected.
    func serverKey() throws -> PublicKey {
        var key: OpaquePointer?
        guard ssh_get_server_publickey(session, &key) == SSH_OK, let key else { throw failure() }
        return try SSHKeyHandle(owning: key).publicKey()
    }

    // MARK: Authentication

    func authenticateWithNone(as user: String) throws -> AuthenticationStep {
        try authentication(ssh_userauth_none(session, user))
    }

    /// One signed request, without asking first whether the key would do.
    func authenticate(key: SSHKeyHandle, as user: String) throws -> AuthenticationStep {
        try authentication(ssh_userauth_publickey(session, user, key.pointer))
    }

    func authenticate(password: Secret, as user: String) throws -> AuthenticationStep {
        try authentication(password.withCString { ssh_userauth_password(session, user, $0) })
    }

    func authenticateInteractively(as user: String) throws -> AuthenticationStep {
        try authentication(ssh_userauth_kbdint(session, user, nil))
    }

    /// Blocks on the agent: called off the loop, while the loop leaves this session alone.
    func authenticateWithAgent(as user: String) throws -> AuthenticationStep {
        try authentication(ssh_userauth_agent(session, user))
    }

    /// Gives libssh the agent's end of a connection, whose owner it becomes.
    func setAgent(_ descriptor: FileDescriptor) {
        ssh_set_agent_socket(session, descriptor.release())
    }

    /// The prompts of a keyboard-interactive round that `authenticateInteractively` told of.
    func interactivePrompts() -> [InteractivePrompt] {
        (0..<max(ssh_userauth_kbdint_getnprompts(session), 0)).map { index in
            var echo: CChar = 0
            let text = ssh_userauth_kbdint_getprompt(session, UInt32(index), &echo)
            return InteractivePrompt(text: text.map { String(cString: $0) } ?? "", echo: echo != 0)
        }
    }

    func answerPrompt(_ index: Int, with answer: Secret) {
        _ = answer.withCString { ssh_userauth_kbdint_setanswer(session, UInt32(index), $0) }
    }

    /// Whether the connection stands: what failed then failed on this side of it.
    var isConnected: Bool { ssh_is_connected(session) != 0 }

    /// What the server says to whoever logs in (SSH_MSG_USERAUTH_BANNER; RFC 4252, 5.4).
    var loginBanner: String? {
        guard let text = ssh_get_issue_banner(session) else { return nil }
        defer { ssh_string_free_char(text) }
        return String(cString: text)
    }

    /// What the server would take, as its last refusal listed it.
    var methodsLeft: AuthenticationMethods {
        AuthenticationMethods(rawValue: UInt32(bitPattern: ssh_userauth_list(session, nil)))
    }

    // MARK: Channels and traffic

    func makeChannel() throws -> SSHChannelHandle {
        guard let channel = ssh_channel_new(session) else { throw failure() }
        let handle = SSHChannelHandle(channel, session: self)
        channels[ObjectIdentifier(handle)] = { [weak handle] in handle }
        return handle
    }

    func forget(_ channel: SSHChannelHandle) {
        channels[ObjectIdentifier(channel)] = nil
    }

    /// Reads once from the socket, writes what it takes at once, and tells channels what came.
    /// - Returns: whether another call finds something: so much came as libssh reads at once, or it wrote and has not seen yet
    ///   that the socket takes more.
    func pump() throws -> Bool {
        let before = traffic.pointee
        if !isInEvent {
            guard ssh_event_add_session(event, session) == SSH_OK else { throw failure() }
            isInEvent = true
        }
        switch ssh_event_dopoll(event, 0) {
        case SSH_ERROR: throw failure()
        case SSH_AGAIN: return false
        default:
            // An end of the connection is told by the session's state alone.
            guard ssh_get_status(session) & (SSH_CLOSED | SSH_CLOSED_ERROR) == 0 else { throw failure() }
            let (received, sent) = (
                traffic.pointee.in_bytes - before.in_bytes, traffic.pointee.out_bytes - before.out_bytes
            )
            return received >= Self.readBytes || sent > 0 && wantsToWrite
        }
    }

    /// What libssh reads in one call (0.10.6, MAX_BUF_SIZE).
    private static let readBytes = 4096

    /// Whether bytes wait for the socket to take them.
    var wantsToWrite: Bool { ssh_get_poll_flags(session) & SSH_WRITE_PENDING != 0 }

    /// How many bytes the socket has given so far.
    var receivedBytes: UInt64 { traffic.pointee.in_bytes }

    /// Asks the server to answer (keepalive@openssh.com, a global request).
    func askWhetherAlive() {
        ssh_send_keepalive(session)
    }

    /// Says goodbye, where the socket takes it at once, and closes the socket.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        for channel in channels.values { channel()?.release() }
        // Without a descriptor in its options libssh closes the socket itself.
        ssh_options_set(session, SSH_OPTIONS_FD, nil)
        ssh_disconnect(session)
    }

    // MARK: Results

    func step(_ result: CInt) throws -> SSHStep {
        switch result {
        case SSH_OK: return .done
        case SSH_AGAIN: return .again
        default: throw failure()
        }
    }

    func failure() -> SSHFailure {
        let text = ssh_get_error(UnsafeMutableRawPointer(session)).map { String(cString: $0) } ?? ""
        let isRefusal = ssh_get_error_code(UnsafeMutableRawPointer(session)) == SSH_REQUEST_DENIED.rawValue
        return SSHFailure(text: text.isEmpty ? "the SSH library gave no reason" : text, isRefusal: isRefusal)
    }

    private func authentication(_ result: CInt) throws -> AuthenticationStep {
        switch result {
        case SSH_AUTH_SUCCESS.rawValue: return .accepted
        case SSH_AUTH_DENIED.rawValue: return .denied
        case SSH_AUTH_PARTIAL.rawValue: return .partial
        case SSH_AUTH_INFO.rawValue: return .prompts
        case SSH_AUTH_AGAIN.rawValue: return .again
        default: throw failure()
        }
    }

    private func set(_ option: ssh_options_e, _ value: String) throws {
        guard ssh_options_set(session, option, value) == 0 else { throw failure() }
    }

    /// - Throws: TransportError, configuration, where libssh knows nothing of the list: no server had a part in that.
    private func choose(_ keyword: String, _ options: [ssh_options_e], _ list: String?) throws {
        guard let list else { return }
        for option in options where ssh_options_set(session, option, list) != 0 {
            throw TransportError(
                .configuration,
                phase: .resolve,
                "the SSH library takes none of \(keyword) (\(list)): \(failure().text). Name others, or leave it out."
            )
        }
    }
}
