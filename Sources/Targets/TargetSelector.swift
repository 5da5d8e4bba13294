package import Configuration
import ContainerTransport
package import Files
import Fleet
import Inventories
import NodeSets
package import PSRunCommandLine
import SSHTransport
import WinRMParameters
import YAML

/// Turns the sources of a selection into targets. Blocks for as long as files and programs take.
package struct TargetSelector {
    package let choices: SSHChoices
    package let patience: ReadingPatience
    /// The folder beside which an inventory's group_vars and host_vars are looked for, as beside the inventory itself.
    package let playFolder: String
    package let environment: [String: String]
    /// What hosts have of their own.
    private var kinds: HostKinds
    /// What targets over WinRM share.
    var winRM = WSManParameters()
    /// Whether somebody wants to know the groups of a node set's nodes.
    package let wantsGroups: Bool
    /// What a user should know of inventories.
    package private(set) var warnings: [String] = []

    private let account: String
    private let home: String?
    private var reader = NodeSetReader()
    private var isReaderReady = false
    /// The nodes of groups that the configuration names.
    private var members: [String: NodeSet] = [:]
    /// What -w selects, and what that was before -x.
    private var nodeSet = NodeSet()
    private var wholeNodeSet = NodeSet()

    package init(
        _ choices: SSHChoices,
        _ patience: ReadingPatience,
        playFolder: String,
        environment: [String: String],
        wantsGroups: Bool = false,
        hosts: HostSettings = .none
    ) {
        self.wantsGroups = wantsGroups
        kinds = HostKinds(hosts)
        self.choices = choices
        self.patience = patience
        self.playFolder = playFolder
        self.environment = environment
        let entry = UserAccount.ofThisProcess
        account = entry?.name ?? ""
        home = environment["HOME"] ?? entry?.home
    }

    /// What the kinds of targets have that were met, of which the first is 1.
    package var choicesOfKinds: [HostChoices] { kinds.found }

    /// The targets in the order of their sources.
    /// - Throws: CommandFailure, usage, with file, line and the way out.
    package mutating func targets(of hosts: HostSelection) throws(CommandFailure) -> [SelectedTarget] {
        winRM = hosts.winRM
        var targets: [SelectedTarget] = []
        let nodeSets = hosts.sources.compactMap { if case .nodes(let text) = $0 { text } else { nil } }
        var (areNodesRead, areInventoriesRead) = (false, false)
        for source in hosts.sources {
            switch source {
            case .host(let host): targets.append(try target(host))
            case .standardInput:
                for host in try list("/dev/stdin", named: "standard input") { targets.append(try target(host)) }
            case .file(let path):
                for host in try list(HomeFolders.expandTildeWherePossible(path), named: path) {
                    targets.append(try target(host))
                }
            case .machine(let choice): targets.append(try machine(choice))
            case .computer(let name): targets.append(try target(at: .computer(name)))
            case .connectionURI(let text): targets.append(try target(at: .uri(text)))
            case .nodes:
                // Together they are one set, as -x sees it.
                if !areNodesRead { targets += try nodes(nodeSets, without: hosts.excluded) }
                areNodesRead = true
            case .inventory:
                if !areInventoriesRead { targets += try inventory(hosts) }
                areInventoriesRead = true
            }
        }
        targets = try excluding(hosts, from: targets)
        guard !targets.isEmpty else {
            throw CommandFailure(
                .usage,
                hosts.excluded.isEmpty
                    ? "The list of hosts is empty; write one [user@]host[:port] per line."
                    : "-x takes all hosts away that are selected."
            )
        }
        return targets
    }

    // MARK: Hosts

    /// - Parameter node: its name in a node set, by which it is called where nothing is to be added.
    mutating func target(_ host: HostName, node: String? = nil) throws(CommandFailure) -> SelectedTarget {
        let (kind, own) = try kinds.kind(of: configured(host))
        let choices = own?.ssh ?? choices
        var whole = host
        whole.user = host.user ?? choices.userName
        whole.port = host.port ?? choices.port
        let name = node.flatMap { whole == host ? $0 : nil } ?? whole.description
        var place = SSHTarget(displayName: name, host: whole.givenAddress, port: whole.port, user: whole.user)
        place.own = own.map { SSHHostOptions($0.ssh.forTransport) }
        let target = RunTarget(
            .ssh(place),
            name: name,
            label: host.sessionLabel(userName: choices.userName, localAccount: account),
            computerName: host.host,
            kind: kind
        )
        return SelectedTarget(
            target: target,
            typed: node ?? HostName(host: host.givenHost, user: host.user, port: host.port).description,
            address: whole.givenAddress,
            port: whole.port.map(Int.init),
            user: whole.user
        )
    }

    mutating func kind(of host: ConfiguredHost) throws(CommandFailure) -> (number: Int, own: HostChoices?) {
        try kinds.kind(of: host)
    }

    /// A host as the configuration's patterns see it.
    package mutating func configured(_ host: HostName) -> ConfiguredHost {
        let names = [host.host, host.givenAddress, host.description]
        return ConfiguredHost(names: names, groups: groups(of: names))
    }

    /// The groups of ClusterShell's that the configuration names and that hold a host. There need not be any groups here.
    private mutating func groups(of names: [String]) -> Set<String> {
        let wanted = kinds.groupNames
        guard !wanted.isEmpty, (try? prepareReader()) != nil else { return [] }
        var groups: Set<String> = []
        for group in wanted {
            let nodes = members[group] ?? (try? reader.read("@\(group)")) ?? NodeSet()
            members[group] = nodes
            if names.contains(where: { nodes.contains(name: $0) }) { groups.insert(group) }
        }
        return groups
    }

    private func list(_ path: String, named name: String) throws(CommandFailure) -> [HostName] {
        let bytes: [UInt8]
        do throws(FileFailure) {
            bytes = try FileContents.read(path, limit: FileContents.textBytes, patience: patience)
        } catch {
            throw CommandFailure(error.exitCode, "The hosts of \(name) cannot be read: \(error.reason).")
        }
        do throws(UsageError) {
            return try HostSource.parseList(bytes, from: name)
        } catch {
            throw CommandFailure(.usage, error.message)
        }
    }

    // MARK: Node sets

    private mutating func prepareReader() throws(NodeSetError) {
        guard !isReaderReady else { return }
        let folders = GroupConfiguration.folders(home: home, environment: environment)
        reader = NodeSetReader(groups: try GroupConfiguration.resolver(folders: folders, system: LocalGroupSystem()))
        isReaderReady = true
    }

    private mutating func nodes(
        _ texts: [String],
        without excluded: [String]
    ) throws(CommandFailure) -> [SelectedTarget] {
        do throws(NodeSetError) {
            try prepareReader()
            (nodeSet, wholeNodeSet) = try NodeSelection.selection(included: texts, excluded: excluded, reader: &reader)
        } catch {
            throw CommandFailure(.usage, error.message)
        }
        prepareGroups()
        var targets: [SelectedTarget] = []
        for name in nodeSet.names {
            let host: HostName
            do throws(UsageError) {
                host = try HostName.parse(HostExclusion.bracketed(name))
            } catch {
                let hint = name.contains(" ") ? " A comma parts the nodes of a set." : ""
                throw CommandFailure(.usage, "-w: \(error.message)\(hint)")
            }
            var selected = try target(host, node: name)
            if wantsGroups { selected.groups = try groups(of: name) }
            targets.append(selected)
        }
        return targets
    }

    /// A node's groups: those that the selection named, those of files, and those that a command tells, sorted.
    private mutating func groups(of node: String) throws(CommandFailure) -> [String] {
        let held = reader.groups(holding: node)
        guard reader.hasReverse, nodeSet.count <= Self.mostReversed else { return held }
        do throws(NodeSetError) {
            return Set(held + (try reader.reverseGroups(of: node))).sorted()
        } catch {
            throw CommandFailure(.usage, "-w: \(error.message)")
        }
    }

    private mutating func prepareGroups() {
        guard wantsGroups else { return }
        reader.readFileGroups()
        guard reader.hasReverse, nodeSet.count > Self.mostReversed else { return }
        warnings.append(
            "the groups of \(nodeSet.count) nodes are not asked of 'reverse', which runs a command for each of them: that is "
                + "done for \(Self.mostReversed) at most"
        )
    }

    private static let mostReversed = 100

    /// The names of targets in one text, which `-w` takes back.
    package func fold(of targets: [SelectedTarget]) -> String {
        let names = targets.map(\.name)
        // Numbers below zero stand in no name.
        return names == nodeSet.names ? nodeSet.folded : NodeSet(names: names).folded
    }

    private mutating func excluding(
        _ hosts: HostSelection,
        from targets: [SelectedTarget]
    ) throws(CommandFailure) -> [SelectedTarget] {
        guard !hosts.excluded.isEmpty else { return targets }
        var exclusion = HostExclusion(targets, choices)
        do throws(NodeSetError) {
            try prepareReader()
            for text in hosts.excluded {
                let nodes = try reader.read(text)
                // Groups and wildcards stand for hosts of more than this selection, and so do node sets beside one.
                let isFree = text.contains { "@*?".contains($0) } || hosts.sources.allSatisfy(\.isNodeSet)
                try exclusion.exclude(nodes, named: text, mayBeIdle: isFree || nodes.isEmpty, from: wholeNodeSet)
            }
        } catch {
            throw CommandFailure(.usage, "-x: \(error.message)")
        }
        return exclusion.left
    }

    // MARK: Inventories

    /// All inventories together are one, as Ansible has it.
    private mutating func inventory(_ hosts: HostSelection) throws(CommandFailure) -> [SelectedTarget] {
        let sources = hosts.sources.compactMap { if case .inventory(let path) = $0 { path } else { nil } }
        for path in sources where Self.isPrivateKey(path) {
            throw CommandFailure(.usage, "-i \(path) is a private key; -i names an inventory, and a key is --key-file.")
        }
        let (inventory, wanted): (Inventory, [Inventory.HostID])
        do throws(InventoryError) {
            inventory = try Inventory(sources, playFolder: playFolder, system: LocalInventorySystem())
            if let limit = hosts.limit {
                wanted = try inventory.hosts(limitedTo: limit)
            } else {
                wanted = inventory.hosts
            }
        } catch {
            throw CommandFailure(.usage, "-i: \(error.message)")
        }
        var targets: [SelectedTarget] = []
        for host in wanted { targets.append(try target(host, in: inventory)) }
        let told = inventory.warnings.map(\.message)
        warnings += told.prefix(Self.mostWarnings)
        if told.count > Self.mostWarnings {
            warnings.append("\(told.count - Self.mostWarnings) more words on inventories are left out")
        }
        guard !targets.isEmpty else {
            throw CommandFailure(.usage, "-i \(sources.joined(separator: " -i ")) names no host.")
        }
        return targets
    }

    private static let mostWarnings = 10

    private mutating func target(
        _ host: Inventory.HostID,
        in inventory: Inventory
    ) throws(CommandFailure) -> SelectedTarget {
        let (found, variables): (InventoryTarget, InventoryVariables)
        do throws(InventoryError) {
            found = try inventory.target(of: host)
            variables = try inventory.variables(of: host)
        } catch {
            throw CommandFailure(.usage, "-i: \(error.message)")
        }
        try check(found, variables)
        let groups = inventory.groups(of: host)
        let (kind, own) = try kinds.kind(
            of: ConfiguredHost(names: [found.name, HostExclusion.bracketed(found.name)], groups: Set(groups))
        )
        if found.winRM != nil {
            return try target(found, own, kind, wantsGroups ? groups : [], variables)
        }
        let choices = own?.ssh ?? choices
        let port = found.port.map { UInt16($0) } ?? choices.port
        // -UserName and its settings are SSH's.
        let user = found.user ?? (found.transport == .ssh ? choices.userName : nil)
        let label = user.map { $0 == account ? found.name : "\($0)@\(found.name)" } ?? found.name
        return SelectedTarget(
            target: RunTarget(
                Self.place(of: found, port, user, own),
                name: found.name,
                label: label,
                computerName: found.name,
                kind: kind
            ),
            typed: found.name,
            address: found.address,
            port: port.map(Int.init),
            user: user,
            groups: wantsGroups ? groups : [],
            transport: found.transport,
            isOfInventory: true,
            variables: variables
        )
    }

    /// What an inventory says may come from a program or from many hands: it reaches no shell, and no other host than it
    /// seems to name.
    private func check(_ found: InventoryTarget, _ variables: InventoryVariables) throws(CommandFailure) {
        func refuse(_ why: String) -> CommandFailure {
            CommandFailure(.usage, "-i: \(printable(found.name)): \(why)")
        }
        guard !found.name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw refuse("its name has a control character.")
        }
        if found.transport == .docker || found.transport == .podman {
            if let objection = ContainerPlace.objection(to: found.address) {
                throw refuse("'\(printable(found.address))' cannot be entered: \(objection)")
            }
            if let name = Self.engineVariables.first(where: { variables[$0].map { !$0.node.isNull } ?? false }) {
                throw refuse("\(name) says how the engine is called, and psrun calls it as it stands in PATH.")
            }
            guard found.user.map(ContainerPlace.isSafe) ?? true else {
                throw refuse("the user '\(printable(found.user ?? ""))' has characters that no user's name has.")
            }
        }
        guard found.transport == .ssh else { return }
        let address = HostExclusion.bracketed(found.address)
        let isBare = address != found.address
        guard let host = try? HostName.parse(address), host.user == nil, host.port == nil,
            host.givenAddress == found.address || isBare
        else {
            throw refuse("'\(printable(found.address))' is neither a host name nor an address; write ansible_host.")
        }
        if let user = found.user, !SSHTarget.isSafe(user: user) {
            throw refuse("the user '\(printable(user))' has characters that no user's name has.")
        }
    }

    /// What Ansible's connections hand to an engine: without it another container might be reached.
    private static let engineVariables = [
        "ansible_docker_extra_args", "ansible_docker_docker_host", "ansible_podman_extra_args",
        "ansible_podman_executable",
    ]

    private static func place(
        of found: InventoryTarget,
        _ port: UInt16?,
        _ user: String?,
        _ own: HostChoices?
    ) -> RunTarget.Place {
        switch found.transport {
        case .local: return .local
        case .docker: return .container(ContainerPlace(found.address, engine: .docker, user: found.user))
        case .podman: return .container(ContainerPlace(found.address, engine: .podman, user: found.user))
        case .ssh, .psrp, .winrm: break
        }
        var place = SSHTarget(
            displayName: found.name,
            host: found.address,
            port: port,
            user: user,
            keyFile: found.privateKeyFile
        )
        place.own = own.map { SSHHostOptions($0.ssh.forTransport) }
        return .ssh(place)
    }

    private static func isPrivateKey(_ path: String) -> Bool {
        guard !path.contains(","), let text = try? FileContents.read(path, limit: 1 << 16, kind: .regular)
        else { return false }
        return text.starts(with: "-----BEGIN ".utf8) && text.count > 64
            && String(decoding: text.prefix(64), as: UTF8.self).contains("PRIVATE KEY")
    }
}
