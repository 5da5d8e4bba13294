import CCrypto
import Connections

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
        let tokens = SSHConfigTokens(facts: facts, original: target.host, hostName: hostName, port: port, user: user)

        addressFamily = try reader.choice("addressfamily") ?? .any
        bindAddress = values.first("bindaddress")
        proxyJump = options.jumpHosts ?? reader.unlessNone("proxyjump")
        if options.jumpHosts == nil, let command = values.all("proxycommand")?.joined(separator: " "), command != "none"
        {
            proxyCommand = tokens.expand(command, isCommand: true)
        }

        hostKeyAlias = values.first("hostkeyalias").map { tokens.expand($0) }
        let policy = try Self.hostKeyPolicy(values)
        hostKeyCheck = options.hostKeyCheck ?? policy.check
        mayAskAboutHostKey = policy.mayAsk && options.hostKeyCheck == nil && reader.flag("batchmode") != true
        hashKnownHosts = reader.flag("hashknownhosts") ?? false
        userKnownHostsFiles = tokens.files(
            values.all("userknownhostsfile") ?? ["~/.ssh/known_hosts", "~/.ssh/known_hosts2"]
        )
        globalKnownHostsFiles = tokens.files(
            values.all("globalknownhostsfile") ?? ["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"]
        )
        let supported = Self.supportedHostKeyAlgorithms
        hostKeyAlgorithms =
            values.first("hostkeyalgorithms").map { AlgorithmList.apply($0, to: supported) } ?? supported

        let methods = values.first("preferredauthentications")?.split(separator: ",").map(String.init)
        self.methods = (methods.map { $0.compactMap(AuthenticationMethod.init) } ?? self.methods).filter { method in
            switch method {
            case .publicKey: reader.flag("pubkeyauthentication") ?? true
            case .keyboardInteractive: reader.flag("kbdinteractiveauthentication") ?? true
            case .password: reader.flag("passwordauthentication") ?? true
            }
        }
        let named = options.keyFile.map { [$0.absolute(in: facts.currentFolder)] } ?? []
        let configured = values.every("identityfile").map(tokens.files) ?? []
        identityFiles = named + configured.filter { !named.contains($0) }
        hasNamedIdentities = !identityFiles.isEmpty || values.every("identityfile") != nil
        if !hasNamedIdentities {
            identityFiles = ["id_rsa", "id_ecdsa", "id_ed25519"].map { "\(facts.home)/.ssh/\($0)" }
        }
        identitiesOnly = reader.flag("identitiesonly") ?? false
        certificateFiles = tokens.files(values.every("certificatefile") ?? [])
        agentSocket = tokens.agentSocket(values.first("identityagent"))

        kexAlgorithms = values.first("kexalgorithms").map { AlgorithmList.apply($0, to: AlgorithmList.kex) }?.joined()
        ciphers = values.first("ciphers").map { AlgorithmList.apply($0, to: AlgorithmList.ciphers) }?.joined()
        macs = values.first("macs").map { AlgorithmList.apply($0, to: AlgorithmList.macs) }?.joined()
        compression = reader.flag("compression") ?? false
        aliveInterval = try reader.seconds("serveraliveinterval") ?? aliveInterval
        aliveCountMax = try reader.number("serveralivecountmax") ?? aliveCountMax
        connectTimeout = try reader.seconds("connecttimeout")
        UnhonouredKeywords.report(values, warn)
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

    func choice(_ keyword: String) throws(TransportError) -> SSHSettings.AddressFamily? {
        guard let text = values.first(keyword) else { return nil }
        guard let family = SSHSettings.AddressFamily(rawValue: text.lowercased()) else {
            throw .badValue(text, of: keyword, values.place(keyword))
        }
        return family
    }

    /// A time as sshd_config(5) has it: `90`, `1m30s`; nil also for `none`. As in OpenSSH, more seconds than a 32-bit
    /// number has are not a time.
    func seconds(_ keyword: String) throws(TransportError) -> Duration? {
        guard let text = unlessNone(keyword) else { return nil }
        let units: [UInt8: Int64] = [0x73: 1, 0x6D: 60, 0x68: 3600, 0x64: 86_400, 0x77: 604_800]
        let most = Int64(Int32.max)
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

extension TransportError {
    static func badValue(_ text: String, of keyword: String, _ place: String) -> TransportError {
        TransportError(.configuration, phase: .resolve, "\(place): \(text) is not a valid value for \(keyword).")
    }
}

extension String {
    /// In lower case, up to an IPv6 zone: the name of a network interface means what it says.
    fileprivate var lowercasedBeforeZone: String {
        let zone = firstIndex(of: "%") ?? endIndex
        return self[..<zone].lowercased() + self[zone...]
    }
}
