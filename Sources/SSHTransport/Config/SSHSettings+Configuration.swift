import Connections
import Files

extension SSHSettings {
    /// Puts a host's settings together.
    /// - Throws: TransportError, configuration, where a value makes no sense.
    init(
        target: SSHTarget,
        values: SSHConfigValues,
        options: SSHOptions,
        facts: SSHEnvironment.Facts,
        warn: (String) -> Void
    ) throws(TransportError) {
        let reader = SSHConfigValueReader(values: values)
        user = values.first("user") ?? facts.user
        hostName = (values.first("hostname")?.replacingTokens(["h": target.host]) ?? target.host).lowercasedBeforeZone
        port = try reader.number("port") ?? 22
        proxyJump = (options.jumpHosts ?? values.jumpList("proxyjump")).flatMap { $0.lowercased() == "none" ? nil : $0 }
        let alias = values.first("hostkeyalias")
        let tokens = SSHConfigTokens(
            facts: facts,
            original: target.host,
            hostName: hostName,
            port: port,
            user: user,
            alias: alias,
            jump: proxyJump
        )
        let paths = SSHConfigPaths(values: values, tokens: tokens)

        addressFamily = try reader.choice("addressfamily") ?? .any
        bindAddress = values.first("bindaddress")
        proxyJump = proxyJump.map { tokens.expand(command: $0) }
        if options.jumpHosts == nil, let command = values.command("proxycommand"), command.lowercased() != "none" {
            guard
                !["%h", "%n", "%r"].contains(where: command.contains)
                    || SSHTarget.isSafe(host: hostName) && SSHTarget.isSafe(host: target.host)
                        && SSHTarget.isSafe(user: user)
            else {
                throw TransportError(
                    .configuration,
                    phase: .resolve,
                    "\(target.displayName): the host's or the user's name has signs that the shell of ProxyCommand would take "
                        + "for its own. ssh refuses them too; mend the name."
                )
            }
            proxyCommand = ProxyCommandLine(
                text: tokens.expand(command: command),
                shell: facts.environmentValue("SHELL") ?? "/bin/sh"
            )
        }

        hostKeyAlias = alias.map { tokens.expand(command: $0) }
        let policy = try Self.hostKeyPolicy(values)
        hostKeyCheck = options.hostKeyCheck ?? policy.check
        let isBatch = reader.flag("batchmode") ?? false
        mayAskAboutHostKey = policy.mayAsk && options.hostKeyCheck == nil && !isBatch
        hashKnownHosts = reader.flag("hashknownhosts") ?? false
        userKnownHostsFiles =
            try paths.all("userknownhostsfile") ?? [
                "\(facts.home)/.ssh/known_hosts", "\(facts.home)/.ssh/known_hosts2",
            ]
        globalKnownHostsFiles =
            try paths.all("globalknownhostsfile") ?? ["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"]

        let methods = values.first("preferredauthentications")?.split(separator: ",").map(String.init)
        self.methods = (methods.map { $0.compactMap(AuthenticationMethod.init) } ?? self.methods).filter { method in
            switch method {
            case .publicKey: reader.flag("pubkeyauthentication") ?? true
            case .keyboardInteractive: reader.flag("kbdinteractiveauthentication") ?? true
            case .password: reader.flag("passwordauthentication") ?? true
            }
        }
        let named = options.keyFile.map { [HomeFolders.expandTildeWherePossible($0).absolute(in: facts.currentFolder)] }
        let configured = try paths.every("identityfile")
        identityFiles = (named ?? []) + (configured ?? []).filter { named?.contains($0) != true }
        hasNamedIdentities = !identityFiles.isEmpty || configured != nil
        if !hasNamedIdentities {
            identityFiles = ["id_rsa", "id_ecdsa", "id_ed25519"].map { "\(facts.home)/.ssh/\($0)" }
        }
        identitiesOnly = reader.flag("identitiesonly") ?? false
        certificateFiles = try paths.every("certificatefile") ?? []
        agentSocket = try tokens.agentSocket(values.first("identityagent"), place: values.place("identityagent"))
        mayAskForSecrets = !isBatch
        passwordPrompts = max(try reader.number("numberofpasswordprompts") ?? passwordPrompts, 1)

        try takeAlgorithms(values)
        compression = reader.flag("compression") ?? false
        aliveInterval = try reader.seconds("serveraliveinterval") ?? aliveInterval
        aliveCountMax = try reader.number("serveralivecountmax") ?? aliveCountMax
        connectTimeout = try reader.seconds("connecttimeout")
        variables = SSHVariables.chosen(by: values, from: facts.environment, warn: warn)
        SSHConfigKeywords.report(values, warn)
    }

    private mutating func takeAlgorithms(_ values: SSHConfigValues) throws(TransportError) {
        let reader = SSHConfigValueReader(values: values)
        if let text = values.first("hostkeyalgorithms") {
            // As ssh, which asks first for the types that it knows the host by, unless the order was chosen.
            keepsHostKeyOrder = text.first != "+" && text.first != "-"
            hostKeyAlgorithms = try reader.algorithms(.hostKeys) ?? hostKeyAlgorithms
        }
        publicKeyAlgorithms = try reader.algorithms(.publicKeys)?.joined()
        kexAlgorithms = try reader.algorithms(.kex)?.joined()
        ciphers = try reader.algorithms(.ciphers)?.joined()
        guard let text = values.first("macs") else { return }
        let usable = AlgorithmList.macs.usable(text)
        if !usable.isEmpty { return macs = usable.joined() }
        // Ciphers that authenticate by themselves need none of them.
        let chosen = ciphers.map { $0.split(separator: ",").map(String.init) } ?? AlgorithmList.ciphers.defaults
        let complete = chosen.filter { $0.hasPrefix("chacha20-") || $0.contains("-gcm@") }
        guard !complete.isEmpty else { _ = try reader.algorithms(.macs); return }
        ciphers = complete.joined()
    }

    private static func hostKeyPolicy(
        _ values: SSHConfigValues
    ) throws(TransportError) -> (check: HostKeyCheck, mayAsk: Bool) {
        switch values.first("stricthostkeychecking")?.lowercased() {
        case nil, "ask"?: return (.yes, true)
        case "yes"?, "true"?: return (.yes, false)
        case "accept-new"?: return (.acceptNew, false)
        case "no"?, "off"?, "false"?: return (.no, false)
        case let other?: throw .badValue(other, of: "StrictHostKeyChecking", values.place("stricthostkeychecking"))
        }
    }
}

extension [String] {
    fileprivate func joined() -> String { joined(separator: ",") }
}

extension String {
    /// The path from the root, where it is relative to `folder`.
    func absolute(in folder: String) -> String {
        hasPrefix("/") ? self : "\(folder)/\(self)"
    }
}

/// Reads typed values.
struct SSHConfigValueReader {
    let values: SSHConfigValues

    func flag(_ keyword: String) -> Bool? {
        switch values.first(keyword)?.lowercased() {
        case nil: nil
        case "no"?, "false"?, "off"?: false
        default: true
        }
    }

    func unlessNone(_ keyword: String) -> String? {
        values.first(keyword).flatMap { $0.lowercased() == "none" ? nil : $0 }
    }

    func number<Number: FixedWidthInteger>(_ keyword: String) throws(TransportError) -> Number? {
        guard let text = values.first(keyword) else { return nil }
        guard let number = Number(text) else { throw .badValue(text, of: keyword, values.place(keyword)) }
        return number
    }

    /// What of a list of algorithms can be asked for; nil where there is no list.
    func algorithms(_ list: AlgorithmList) throws(TransportError) -> [String]? {
        let keyword = list.keyword.lowercased()
        guard let text = values.first(keyword) else { return nil }
        let usable = list.usable(text)
        guard !usable.isEmpty else {
            throw TransportError(
                .configuration,
                phase: .resolve,
                "\(values.place(keyword)): psrun knows nothing that \(list.keyword) names (\(text)). It knows "
                    + "\((list.defaults + list.others).joined(separator: ", "))."
            )
        }
        return usable
    }

    func choice(_ keyword: String) throws(TransportError) -> AddressFamily? {
        guard let text = values.first(keyword) else { return nil }
        guard let family = AddressFamily(rawValue: text.lowercased()) else {
            throw .badValue(text, of: keyword, values.place(keyword))
        }
        return family
    }

    static let mostSeconds = Int64(Int32.max)

    /// A time as sshd_config(5) has it: `90`, `1m30s`; nil also for `none`. As in OpenSSH, more seconds than a 32-bit
    /// number has are not a time.
    func seconds(_ keyword: String) throws(TransportError) -> Duration? {
        guard let text = unlessNone(keyword) else { return nil }
        let units: [UInt8: Int64] = [0x73: 1, 0x6D: 60, 0x68: 3600, 0x64: 86_400, 0x77: 604_800]
        let most = Self.mostSeconds
        var (total, current): (Int64, Int64?) = (0, nil)
        for byte in text.lowercased().utf8 {
            if case let digit = byte &- 0x30, digit < 10 {
                current = (current ?? 0) * 10 + Int64(digit)
            } else if let unit = units[byte], let count = current {
                total += count * unit
                current = nil
            } else {
                throw .badValue(text, of: keyword, values.place(keyword))
            }
            // Looked at each time: no sum or product above comes near what 64 bits hold.
            guard current ?? 0 <= most, total <= most else { throw .badValue(text, of: keyword, values.place(keyword)) }
        }
        guard total + (current ?? 0) <= most else { throw .badValue(text, of: keyword, values.place(keyword)) }
        return .seconds(total + (current ?? 0))
    }
}

/// Reads paths.
struct SSHConfigPaths {
    let values: SSHConfigValues
    let tokens: SSHConfigTokens

    /// Of one line that names several.
    func all(_ keyword: String) throws(TransportError) -> [String]? {
        guard let paths = values.all(keyword) else { return nil }
        return try tokens.files(paths, place: values.place(keyword))
    }

    /// Of several lines that name one each.
    func every(_ keyword: String) throws(TransportError) -> [String]? {
        guard let paths = values.every(keyword) else { return nil }
        return try tokens.files(paths, place: values.place(keyword))
    }
}

extension TransportError {
    static func badValue(_ text: String, of keyword: String, _ place: String) -> TransportError {
        TransportError(.configuration, phase: .resolve, "\(place): \(text) is not a valid value for \(keyword).")
    }
}

extension String {
    /// In lower case, up to an IPv6 zone: the name of a network interface means what it says.
    var lowercasedBeforeZone: String {
        let zone = firstIndex(of: "%") ?? endIndex
        return self[..<zone].lowercased() + self[zone...]
    }
}
