package import WinRMParameters
import YAML

/// How a host is reached, as an inventory says.
package struct InventoryTarget: Sendable, Hashable {
    /// What carries a session.
    package enum Transport: String, Sendable, Hashable, CaseIterable {
        case ssh, local, docker, podman, psrp, winrm
    }

    /// The host's name in the inventory.
    package var name: String
    package var transport: Transport
    /// What is connected to: `ansible_host`, or else the name.
    package var address: String
    package var port: Int?
    package var user: String?
    package var privateKeyFile: String?
    /// What is said of a session over WinRM; nil on every other way.
    package var winRM: WSManParameters?
    /// Its password, where it stands there for psrun to read.
    package var password: String?
}

/// The variables that say how a host is reached. Of several that mean one thing, the last one here that is set counts.
enum ConnectionVariables {
    static let connection = "ansible_connection"

    private static let ssh = (
        hosts: ["ansible_host", "ansible_ssh_host"], ports: ["ansible_port", "ansible_ssh_port"],
        users: ["ansible_user", "ansible_ssh_user"], keys: ["ansible_private_key_file", "ansible_ssh_private_key_file"]
    )

    /// Those without variables of their own name, as `ansible_docker_host` is docker's.
    private static let hasOnlyCommonNames: Set<InventoryTarget.Transport> = [.ssh, .local]

    /// All of them.
    static let names: Set<String> = {
        var names: Set = [connection]
        names.formUnion(ssh.hosts + ssh.ports + ssh.users + ssh.keys)
        for transport in InventoryTarget.Transport.allCases where !hasOnlyCommonNames.contains(transport) {
            names.formUnion(["host", "port", "user"].map { "ansible_\(transport.rawValue)_\($0)" })
        }
        return names
    }()

    /// - Throws: `InventoryError` where a value may mean two things, or nothing.
    static func target(
        _ name: String,
        _ variables: InventoryVariables,
        _ warnings: inout [InventoryWarning]
    ) throws(InventoryError) -> InventoryTarget {
        let transport = try transport(variables)
        var target = InventoryTarget(name: name, transport: transport, address: name)
        let own = hasOnlyCommonNames.contains(transport) ? [] : [transport.rawValue]
        func names(_ of: [String], _ what: String) -> [String] {
            switch transport {
            case .ssh: of
            // What Ansible once called them all counts for these still.
            case .psrp, .winrm: of.reversed() + own.map { "ansible_\($0)_\(what)" }
            case .local, .docker, .podman: [of[0]] + own.map { "ansible_\($0)_\(what)" }
            }
        }
        if let address = try text(names(ssh.hosts, "host"), variables, "a host's name or address") {
            target.address = address
        }
        if transport == .ssh { try check(bracketOf: target.address) }
        target.user = try text(names(ssh.users, "user"), variables, "a user's name")
        target.port = try port(names(ssh.ports, "port"), variables, &warnings)
        if transport == .ssh { target.privateKeyFile = try text(ssh.keys, variables, "a path") }
        if transport == .psrp || transport == .winrm {
            try WinRMVariables(transport, variables).complete(&target, &warnings)
        }
        return target
    }

    /// Lists and programs have no ranges, so that one of them is one host to Ansible.
    private static func check(bracketOf address: String) throws(InventoryError) {
        guard address.contains("["), !address.hasPrefix("[") else { return }
        throw InventoryError(
            .ambiguous,
            address,
            "it has two readings: one host of that very name, as Ansible reads lists of hosts and what programs print; "
                + "or the hosts of a range, as a node set or a file has it",
            "write -w '\(address.replacing(":", with: "-"))' for the range"
        )
    }

    private static func transport(_ variables: InventoryVariables) throws(InventoryError) -> InventoryTarget.Transport {
        guard let variable = last([connection], variables) else { return .ssh }
        let text = try text(variable, connection, "a kind of connection") ?? "ssh"
        // `community.docker.docker` and `ansible.builtin.ssh` are whole names.
        switch text.split(separator: ".").last.map(String.init) ?? "" {
        case "smart", "paramiko", "paramiko_ssh", "ssh": return .ssh
        case "docker", "docker_api": return .docker
        case let name:
            if let transport = InventoryTarget.Transport(rawValue: name) { return transport }
            throw variable.place.error(
                .invalidConnection,
                "\(connection) is '\(text)', which psrun does not have",
                "write one of \(InventoryTarget.Transport.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
    }

    /// The one that counts, and that is not null.
    static func last(_ names: [String], _ variables: InventoryVariables) -> InventoryVariable? {
        names.last { variables[$0].map { !$0.node.isNull } ?? false }.flatMap { variables[$0] }
    }

    static func text(
        _ names: [String],
        _ variables: InventoryVariables,
        _ meaning: String
    ) throws(InventoryError) -> String? {
        guard let name = names.last(where: { variables[$0].map { !$0.node.isNull } ?? false }),
            let variable = variables[name]
        else { return nil }
        return try text(variable, name, meaning)
    }

    private static func text(
        _ variable: InventoryVariable,
        _ name: String,
        _ meaning: String
    ) throws(InventoryError) -> String? {
        guard let text = variable.node.string else {
            let written = variable.node.source.map { " and is written \($0)" } ?? ""
            throw variable.place.error(
                .invalidConnection,
                "\(name) is \(variable.node.kind) to Ansible\(written), where \(meaning) would stand",
                "quote it, in INI behind a host twice: \(name)='\"\(variable.node.source ?? "…")\"'"
            )
        }
        guard !text.contains("{{") && !text.contains("{%") else {
            throw variable.place.error(
                .invalidConnection,
                "\(name) is a template, '\(text)', which psrun does not work out",
                "write the value"
            )
        }
        return text.isEmpty ? nil : text
    }

    private static func port(
        _ names: [String],
        _ variables: InventoryVariables,
        _ warnings: inout [InventoryWarning]
    ) throws(InventoryError) -> Int? {
        guard let name = names.last(where: { variables[$0].map { !$0.node.isNull } ?? false }),
            let variable = variables[name]
        else { return nil }
        let node = variable.node
        guard let port = node.portNumber, (1...65535).contains(port) else {
            let value = node.string.map { "'\($0)'" } ?? node.kind
            let isTemplate = node.string?.contains("{{") == true
            throw variable.place.error(
                .invalidConnection,
                isTemplate
                    ? "\(name) is a template, \(value), which psrun does not work out"
                    : "\(name) is \(value), which is not a port",
                "write a number from 1 to 65535"
            )
        }
        // YAML 1.1 reads 0022 to the base of 8, and 22:22 to that of 60.
        if let written = node.source, written != String(port) {
            warnings.append(
                variable.place.warning("\(name) is written \(written), which is the number \(port) to Ansible")
            )
        }
        return port
    }
}
