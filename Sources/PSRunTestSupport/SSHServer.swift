import FoundationEssentials
import Glibc
import SystemErrors

/// OpenSSH's sshd on a free port of the loopback addresses, with keys, a known_hosts file and subsystems of its own.
package final class SSHServer: Sendable {
    /// The sshd's port, on 127.0.0.1 and ::1.
    package let port: Int
    /// The account that runs the tests, with which its keys log in.
    package let user: String
    package let folder: TemporaryFolder
    private let process: ChildProgram

    /// An ed25519 key that may log in; the same with the passphrase `SSHServer.passphrase`; one that may not; and one
    /// that may by its certificate alone.
    package var key: String { folder.path(of: "key") }
    package var lockedKey: String { folder.path(of: "locked_key") }
    package var strangerKey: String { folder.path(of: "stranger_key") }
    package var certifiedKey: String { folder.path(of: "certified_key") }
    package static let passphrase = "correct horse"

    /// Names this server's host key for 127.0.0.1, ::1 and localhost.
    package var knownHosts: String { folder.path(of: "known_hosts") }
    /// The public half of its host key, as known_hosts has it: `ssh-ed25519 AAAA…`.
    package let hostKey: String

    /// Starts a server and waits until it takes connections.
    ///
    /// - Parameters:
    ///   - subsystems: what each subsystem runs, by name.
    ///   - settings: further lines of sshd_config; first, so that they win.
    package init(subsystems: [String: String], settings: [String] = []) async throws {
        folder = try TemporaryFolder()
        user = try Self.currentUser()
        hostKey = try await Self.makeKeys(in: folder, user: user)
        port = try Self.freePort()
        let config = Self.configuration(folder: folder, port: port, subsystems: subsystems, settings: settings)
        try folder.write(config, to: "sshd_config")
        try folder.write(Self.knownHosts(port: port, hostKey: hostKey), to: "known_hosts")
        try? FileManager.default.createDirectory(atPath: "/run/sshd", withIntermediateDirectories: true)
        process = try ChildProgram(
            ["/usr/sbin/sshd", "-D", "-e", "-f", folder.path(of: "sshd_config")],
            environment: ChildProgram.environment(home: folder.path)
        )
        try await waitUntilItListens()
    }

    deinit {
        process.signal(SIGTERM)
        _ = try? process.wait(seconds: 5)
    }

    /// The options that make psrun trust this server and log in to it with a key.
    package func options(key: String? = nil) -> [String] {
        [
            "-KeyFilePath", key ?? self.key, "-Options", "UserKnownHostsFile=\(knownHosts)",
            "-Options", "GlobalKnownHostsFile=/dev/null",
        ]
    }

    /// What sshd has written to its log.
    package func log() throws -> String { try process.errorsSoFar() }

    private func waitUntilItListens() async throws {
        for _ in 0..<500 {
            if Self.connects(to: port) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw TestSupportError("sshd does not listen on port \(port): \(try process.errorsSoFar())")
    }

    private static func currentUser() throws -> String {
        guard let entry = getpwuid(getuid()) else { throw TestSupportError("no account for user id \(getuid())") }
        return String(cString: entry.pointee.pw_name)
    }

    private static func configuration(
        folder: TemporaryFolder,
        port: Int,
        subsystems: [String: String],
        settings: [String]
    ) -> String {
        let lines =
            settings + [
                "Port \(port)", "ListenAddress 127.0.0.1", "ListenAddress ::1",
                "HostKey \(folder.path(of: "host_key"))", "PidFile \(folder.path(of: "sshd.pid"))", "UsePAM no",
                "StrictModes no",
                "AuthorizedKeysFile \(folder.path(of: "authorized_keys"))", "PasswordAuthentication no",
                "KbdInteractiveAuthentication no", "TrustedUserCAKeys \(folder.path(of: "authority.pub"))",
                "PermitRootLogin yes", "MaxStartups 2000:30:4000", "MaxSessions 1000", "MaxAuthTries 20",
                "LogLevel VERBOSE",
                // Without it bash takes itself for a login over SSH and reads the person's own start-up file.
                "SetEnv SHLVL=9",
            ] + subsystems.map { "Subsystem \($0.key) \($0.value)" }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func knownHosts(port: Int, hostKey: String) -> String {
        ["127.0.0.1", "::1", "localhost"].map { "[\($0)]:\(port) \(hostKey)\n" }.joined()
    }

    /// Makes the host's and the users' keys; gives the host's public one.
    private static func makeKeys(in folder: TemporaryFolder, user: String) async throws -> String {
        for name in ["host_key", "key", "locked_key", "stranger_key", "certified_key", "authority"] {
            let passphrase = name == "locked_key" ? SSHServer.passphrase : ""
            try await keygen(["-t", "ed25519", "-N", passphrase, "-C", name, "-f", folder.path(of: name)])
        }
        try await keygen([
            "-s", folder.path(of: "authority"), "-I", "tests", "-n", user, folder.path(of: "certified_key.pub"),
        ])
        let authorized = try ["key", "locked_key"].map { try text(of: folder.path(of: "\($0).pub")) }
        try folder.write(authorized.joined(), to: "authorized_keys")
        let words = try text(of: folder.path(of: "host_key.pub")).split(separator: " ")
        return words.prefix(2).joined(separator: " ")
    }

    private static func keygen(_ arguments: [String]) async throws {
        let outcome = try await ChildProgram.run(["/usr/bin/ssh-keygen", "-q"] + arguments)
        guard outcome.ending == .exited(0) else { throw TestSupportError("ssh-keygen: \(outcome)") }
    }

    /// A port that nothing listens on now.
    package static func freePort() throws -> Int {
        let socket = try LoopbackSocket()
        return try socket.bindAnywhere()
    }

    private static func connects(to port: Int) -> Bool {
        (try? LoopbackSocket().connect(to: port)) ?? false
    }
}

/// A TCP socket on 127.0.0.1, closed with its owner.
private final class LoopbackSocket {
    private let descriptor: Int32

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw TestSupportError("socket: \(describe(errno: errno))") }
    }

    deinit {
        close(descriptor)
    }

    /// Takes a port that the system chooses, and says which.
    func bindAnywhere() throws -> Int {
        guard withAddress(port: 0, { bind(descriptor, $0, $1) }) == 0 else { throw TestSupportError("bind") }
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard status == 0 else { throw TestSupportError("getsockname") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    func connect(to port: Int) throws -> Bool {
        withAddress(port: UInt16(port)) { Glibc.connect(descriptor, $0, $1) } == 0
    }

    private func withAddress(port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
