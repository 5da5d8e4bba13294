import WinRMParameters
import YAML

/// What an inventory says of a session over WinRM: the options of Ansible's connection plugins `psrp` and `winrm`.
///
/// Source: ansible-core 2.19, lib/ansible/plugins/connection/psrp.py and winrm.py.
struct WinRMVariables {
    private let transport: InventoryTarget.Transport
    private let variables: InventoryVariables
    private var prefix: String { "ansible_\(transport.rawValue)_" }

    init(_ transport: InventoryTarget.Transport, _ variables: InventoryVariables) {
        self.transport = transport
        self.variables = variables
    }

    /// Puts what is said into a target whose address, port and user are found.
    func complete(
        _ target: inout InventoryTarget,
        _ warnings: inout [InventoryWarning]
    ) throws(InventoryError) {
        var parameters = WSManParameters()
        parameters.user = target.user
        try setPlace(of: &parameters, port: target.port)
        try setLogin(of: &parameters, &warnings)
        try setChecks(of: &parameters)
        for (name, setting) in plain { try set(setting, of: &parameters, from: name) }
        try setTimes(of: &parameters)
        warnings += unused()
        target.port = parameters.port.map(Int.init)
        target.winRM = parameters
        target.password = password(&warnings)
    }

    /// Variables whose values are settings as they stand.
    private var plain: [(name: String, setting: String)] {
        let common = [("path", "ApplicationName"), ("proxy", "Proxy"), ("service", "SPNService")]
        let own =
            transport == .psrp
            ? [
                ("configuration_name", "ConfigurationName"), ("ca_cert", "CAFile"), ("cert_trust_path", "CAFile"),
                ("certificate_pem", "CertificateFile"), ("certificate_key_pem", "CertificateKeyFile"),
                ("negotiate_service", "SPNService"), ("negotiate_hostname_override", "SPNHost"),
                ("max_envelope_size", "MaximumEnvelopeSize"),
            ]
            : [
                ("ca_trust_path", "CAFile"), ("cert_pem", "CertificateFile"), ("cert_key_pem", "CertificateKeyFile"),
                ("kerberos_hostname_override", "SPNHost"),
            ]
        return common + own
    }

    /// Names without their prefix that have an effect here, or cannot have one that anybody would miss.
    private static let known: Set<String> = [
        "host", "port", "user", "pass", "password", "protocol", "scheme", "auth", "transport", "cert_validation",
        "server_cert_validation", "message_encryption", "connection_timeout", "operation_timeout",
        "operation_timeout_sec", "credssp_auth_mechanism",
        // psrun waits for data as long as a line takes, takes no proxy from the environment, sends channel bindings, and
        // gets its tickets by itself.
        "read_timeout", "read_timeout_sec", "reconnection_retries", "reconnection_backoff", "connection_backoff",
        "ignore_proxy", "negotiate_send_cbt",
        "send_cbt", "kinit_mode", "kinit_cmd", "kinit_args", "kinit_env_vars", "realm",
    ]

    // MARK: Parts

    /// Without a scheme, http is meant by port 5985 alone.
    private func setPlace(of parameters: inout WSManParameters, port: Int?) throws(InventoryError) {
        let name = transport == .psrp ? "protocol" : "scheme"
        switch try text(name)?.lowercased() {
        case "http": parameters.usesTLS = false
        case "https": parameters.usesTLS = true
        case nil: parameters.usesTLS = port != 5985
        default: throw refusal(name, "which is neither http nor https", "write one of them")
        }
        parameters.port = port.flatMap(UInt16.init(exactly:))
    }

    private func setLogin(
        of parameters: inout WSManParameters,
        _ warnings: inout [InventoryWarning]
    ) throws(InventoryError) {
        let name = transport == .psrp ? "auth" : "transport"
        var words = try self.words(of: name)
        if words.isEmpty { words = ["negotiate"] }
        if words.count > 1, let variable = variables[prefix + name] {
            warnings.append(
                variable.place.warning("of \(prefix + name), psrun takes \(words[0]) and falls back to no other")
            )
        }
        switch words[0].lowercased() {
        case "basic", "ssl", "plaintext": parameters.authentication = .basic
        case "negotiate": parameters.authentication = .negotiate
        case "kerberos": parameters.authentication = .kerberos
        case "credssp": parameters.authentication = .credSSP
        case "ntlm":
            parameters.authentication = .negotiate
            parameters.allowsNTLM = true
        case "certificate":
            parameters.authentication = nil
            // The certificate is who one is.
            parameters.user = nil
        default:
            throw refusal(
                name,
                "which psrun does not have",
                "write basic, certificate, negotiate, kerberos, ntlm or credssp"
            )
        }
        if try text("credssp_auth_mechanism")?.lowercased() == "ntlm" { parameters.allowsNTLM = true }
    }

    private func setChecks(of parameters: inout WSManParameters) throws(InventoryError) {
        let name = transport == .psrp ? "cert_validation" : "server_cert_validation"
        switch try truthOrText(name) {
        case "ignore", "false":
            parameters.skipsCACheck = true
            parameters.skipsCNCheck = true
        case "validate", "true", nil: break
        default: throw refusal(name, "which is neither validate nor ignore", "write one of them")
        }
        switch try truthOrText("message_encryption") {
        case "auto", nil: break
        case "never": parameters.noEncryption = true
        case "always":
            // TLS does it, where somebody proves whose it is.
            guard parameters.usesTLS == true, parameters.skipsCACheck == true else { break }
            throw refusal(
                "message_encryption",
                "and within https psrun leaves that to TLS, whose certificate nobody checks here",
                "let certificates be checked, or use http"
            )
        default: throw refusal("message_encryption", "which is not auto, always or never", "write one of them")
        }
    }

    private func setTimes(of parameters: inout WSManParameters) throws(InventoryError) {
        try set("OpenTimeout", of: &parameters, from: "connection_timeout", unit: "s")
        try set("OperationTimeout", of: &parameters, from: "operation_timeout", unit: "s")
        try set("OperationTimeout", of: &parameters, from: "operation_timeout_sec", unit: "s")
    }

    /// A password that only Ansible can read leaves it to psrun's own options.
    private func password(_ warnings: inout [InventoryWarning]) -> String? {
        let names = [
            "ansible_ssh_pass", "ansible_password", "ansible_winrm_pass", "ansible_winrm_password",
            "ansible_psrp_password",
        ]
        guard let name = names.last(where: { variables[$0].map { !$0.node.isNull } ?? false }),
            let variable = variables[name]
        else { return nil }
        let text = variable.node.string ?? variable.node.source
        let isTemplate = text.map { $0.contains("{{") || $0.contains("{%") } ?? true
        guard let text, !isTemplate, !text.isEmpty else {
            let what = variable.node.string == nil ? variable.node.kind : isTemplate ? "a template" : "empty"
            warnings.append(
                variable.place.warning(
                    "\(name) is \(what), which psrun does not read: the password is that of --password-file and its like"
                )
            )
            return nil
        }
        return text
    }

    private func unused() -> [InventoryWarning] {
        let effective = Self.known.union(plain.map(\.name))
        return variables.keys.sorted().compactMap { name in
            guard name.hasPrefix(prefix), !effective.contains(String(name.dropFirst(prefix.count))) else { return nil }
            return variables[name]?.place.warning("\(name) has no effect in psrun")
        }
    }

    // MARK: Values

    private func set(
        _ setting: String,
        of parameters: inout WSManParameters,
        from name: String,
        unit: String = ""
    ) throws(InventoryError) {
        guard let variable = variables[prefix + name], !variable.node.isNull,
            let text = variable.node.string ?? variable.node.source, !text.isEmpty
        else { return }
        guard !text.contains("{{"), !text.contains("{%") else {
            throw refusal(name, "a template, which psrun does not work out", "write the value")
        }
        do throws(WSManParameterError) {
            try parameters.set(setting, to: text + unit)
        } catch {
            throw variable.place.error(.invalidConnection, "\(prefix + name): \(error.text)", "mend the value")
        }
    }

    private func text(_ name: String) throws(InventoryError) -> String? {
        try ConnectionVariables.text([prefix + name], variables, "a word")
    }

    /// A word in small letters, or what a truth value is called.
    private func truthOrText(_ name: String) throws(InventoryError) -> String? {
        if let node = variables[prefix + name]?.node, case .boolean(let truth) = node.value { return "\(truth)" }
        return try text(name)?.lowercased()
    }

    /// A word, words with commas between, or a list of them.
    private func words(of name: String) throws(InventoryError) -> [String] {
        guard let items = variables[prefix + name]?.node.list else {
            return try text(name)?.split { $0 == "," || $0 == " " }.map(String.init) ?? []
        }
        return items.compactMap(\.string)
    }

    private func refusal(_ name: String, _ problem: String, _ wayOut: String) -> InventoryError {
        let place = variables[prefix + name]?.place ?? InventoryPlace(source: prefix + name)
        let written = variables[prefix + name]?.node.string.map { "'\($0)'" } ?? "what it is"
        return place.error(.invalidConnection, "\(prefix + name) is \(written), \(problem)", wayOut)
    }
}
