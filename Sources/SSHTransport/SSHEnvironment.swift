import Connections
import EventLoops
import Files
import Glibc
import Synchronization
import Threads

/// What the SSH sessions of one run share, whatever loops they are on: options, ssh_config, known_hosts, imported keys and
/// connections to jump hosts.
///
/// Files are read when first needed, once, off the loops. `close` ends what is shared, and comes before the loops end.
package final class SSHEnvironment: Sendable {
    let options: SSHOptions
    let facts: Facts
    let keys: KeyStore
    let jumpHosts = JumpHosts()
    let acceptedKeys = AcceptedHostKeys()
    let admission = Admission()
    private let files = SharedFiles()
    private let said = Mutex<Set<String>>([])
    private let say: @Sendable (String) -> Void
    /// What a virtual machine's port is to connect(2).
    let vsock: @Sendable (VsockAddress) -> SocketAddress

    /// - Parameter warn: told once of each thing a user should know: a sentence without a line end.
    package convenience init(
        options: SSHOptions,
        facts: Facts = .ofThisProcess(),
        warn: @escaping @Sendable (String) -> Void
    ) {
        self.init(options: options, facts: facts, vsock: { SocketAddress($0) }, warn: warn)
    }

    init(
        options: SSHOptions,
        facts: Facts,
        vsock: @escaping @Sendable (VsockAddress) -> SocketAddress,
        warn: @escaping @Sendable (String) -> Void
    ) {
        self.options = options
        self.vsock = vsock
        self.facts = facts
        keys = KeyStore(credentials: options.credentials, warn: warn)
        say = warn
    }

    /// Ends the connections to jump hosts, once the run's sessions have ended.
    package func close() async {
        await jumpHosts.close()
    }

    /// How many connections to jump hosts were made.
    package var jumpConnectionCount: Int {
        get async { await jumpHosts.connectionCount }
    }

    @Sendable func warn(_ text: String) {
        if said.withLock({ $0.insert(text).inserted }) { say(text) }
    }

    /// How a target is reached.
    /// - Throws: TransportError, configuration or keyFileUnusable.
    func settings(for target: SSHTarget, jumpHosts: String?, isJumpHost: Bool = false) async throws -> SSHSettings {
        var configuration = try await files.configuration { [options, facts, self] in
            try Self.readConfiguration(options, facts, warn: warn)
        }
        if let own = target.own { configuration.options = try own.options.map(Self.optionLine) }
        let query = SSHConfiguration.Query(
            host: target.host,
            user: target.user,
            port: target.port,
            localUser: facts.user,
            isJumpHost: isJumpHost
        )
        var options = self.options.applied(to: target)
        options.jumpHosts = jumpHosts
        let settings = try SSHSettings(
            target: target,
            values: configuration.values(for: query),
            options: options,
            facts: facts,
            warn: warn
        )
        return settings
    }

    func knownHosts(for settings: SSHSettings) async throws -> KnownHosts {
        try await files.knownHosts(settings.userKnownHostsFiles + settings.globalKnownHostsFiles)
    }

    static func readConfiguration(
        _ options: SSHOptions,
        _ facts: Facts,
        warn: (String) -> Void
    ) throws -> SSHConfiguration {
        let lines = try options.options.map(optionLine)
        let home = facts.home
        let files: [SSHConfigFile]
        switch options.configurationFile {
        case "none"?: files = []
        case let path?:
            let absolute = HomeFolders.expandTildeWherePossible(path).absolute(in: facts.currentFolder)
            guard FileContents.exists(absolute) else {
                throw TransportError(.configuration, phase: .resolve, "--ssh-config \(path): there is no such file.")
            }
            files = [SSHConfigFile(reading: absolute, .init(folder: "\(home)/.ssh", home: home))]
        case nil:
            let own = SSHConfigFile.Reading(folder: "\(home)/.ssh", home: home, isGuarded: true)
            files = [
                SSHConfigFile(reading: "\(home)/.ssh/config", own),
                SSHConfigFile(reading: "/etc/ssh/ssh_config", .init(folder: "/etc/ssh", home: home)),
            ]
        }
        if let refusal = files.lazy.compactMap(\.refusal).first {
            throw TransportError(.configuration, phase: .resolve, refusal)
        }
        for problem in files.flatMap(\.problems) { warn(problem) }
        return SSHConfiguration(options: lines, files: files)
    }

    static func optionLine(_ text: String) throws(TransportError) -> SSHConfigLine {
        let line: SSHConfigLine?
        do throws(SSHConfigLine.Malformed) {
            line = text.contains("=") ? try SSHConfigLine(text, place: "-Options \(text)") : nil
        } catch {
            throw .badOption(text, error.reason)
        }
        guard let line else { throw .badOption(text, "it is not KEY=VALUE") }
        guard SSHConfigKeywords.isKnown(line.keyword) else { throw .badOption(text, "ssh_config has no such keyword") }
        return line
    }
}

extension TransportError {
    fileprivate static func badOption(_ text: String, _ reason: String) -> TransportError {
        TransportError(
            .configuration,
            phase: .resolve,
            "-Options \(text): \(reason). Give a keyword of ssh_config, as Port=2222."
        )
    }
}

/// What is read once a run.
private actor SharedFiles {
    private var configuration: Task<SSHConfiguration, any Error>?
    private var known: [[String]: Task<KnownHosts, any Error>] = [:]

    func configuration(_ read: @escaping @Sendable () throws -> SSHConfiguration) async throws -> SSHConfiguration {
        let task = configuration ?? Task { try await offLoop(in: .files, read) }
        configuration = task
        return try await task.value
    }

    func knownHosts(_ paths: [String]) async throws -> KnownHosts {
        let task = known[paths] ?? Task { try await offLoop(in: .files) { try KnownHostsFile.read(paths) } }
        known[paths] = task
        return try await task.value
    }
}
