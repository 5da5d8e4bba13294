import YAML

/// The groups and hosts of an inventory while its sources are read.
struct InventoryGraph {
    struct Group {
        let name: ExactText
        /// In the order in which they came in, as the children.
        var hosts: [Int] = []
        var children: [Int] = []
        var parents: [Int] = []
        var variables: InventoryVariables = [:]
        var priority = 1
        /// The longest way from `all`.
        var depth = 0
    }

    struct Host {
        let name: ExactText
        /// Those that name it.
        var groups: [Int] = []
        /// It was in `ungrouped` and in another group, and left the former with all that it says, also where that other one
        /// is below it.
        var hasLeftUngrouped = false
        var variables: InventoryVariables = [:]
    }

    struct Pair: Hashable {
        let group: Int
        let member: Int
    }

    static let all = 0
    static let ungrouped = 1

    var groups: [Group] = []
    var hosts: [Host] = []
    private var groupPlaces: [ExactText: Int] = [:]
    private var hostPlaces: [ExactText: Int] = [:]
    private var members: Set<Pair> = []
    /// A child's place among all, and where it is named.
    var edges: [Pair: (order: Int, place: InventoryPlace?)] = [:]
    var warnings: [InventoryWarning] = []
    /// The variables of hosts that have a group's name, for a look at them once all is read.
    var namesakes: [Namesake] = []

    /// A variable that stands beside a host and has become a group's.
    struct Namesake {
        let host: Int
        let group: Int
        let variable: String
        let place: InventoryPlace
    }

    init() {
        _ = addGroup(AnsibleNames.all)
        _ = addGroup(AnsibleNames.ungrouped)
        addChild(Self.ungrouped, to: Self.all, nil)
    }

    func group(_ name: ExactText) -> Int? { groupPlaces[name] }
    func host(_ name: ExactText) -> Int? { hostPlaces[name] }

    /// - Returns: the group, whether it is new or not.
    mutating func addGroup(_ name: ExactText) -> Int {
        if let group = groupPlaces[name] { return group }
        groupPlaces[name] = groups.count
        groups.append(Group(name: name))
        return groups.count - 1
    }

    /// A group of that name.
    /// - Throws: `InventoryError` where there is no name.
    mutating func addGroup(named name: String, _ place: InventoryPlace) throws(InventoryError) -> Int {
        guard !name.isEmpty else {
            throw place.error(.invalidYAML, "a group has an empty name", "give it one, or take it out")
        }
        return addGroup(ExactText(name))
    }

    /// Puts a host into a group. A port counts where the host is new, as for Ansible.
    mutating func addHost(
        _ name: String,
        to group: Int,
        port: Int?,
        _ place: InventoryPlace
    ) throws(InventoryError) -> Int {
        guard !name.isEmpty else {
            throw place.error(.invalidINI, "a host has an empty name", "give it one, or take it out")
        }
        let name = ExactText(name)
        let host: Int
        if let known = hostPlaces[name] {
            host = known
            if let port, hosts[host].variables[AnsibleNames.port]?.node.portNumber != port {
                let text = "the port \(port) of \(name) is passed over, as Ansible does, since the host stands above"
                warnings.append(place.warning("\(text); write ansible_port=\(port)"))
            }
        } else {
            guard hosts.count < InventoryLimits.hosts else {
                throw place.error(
                    .tooLarge,
                    "there are more than \(InventoryLimits.hosts) hosts",
                    "split the inventory"
                )
            }
            host = hosts.count
            hostPlaces[name] = host
            hosts.append(Host(name: name))
            if let port, port != 0 {
                let node = YAMLNode(.integer(port), line: place.line ?? 1, source: String(port))
                hosts[host].variables[AnsibleNames.port] = InventoryVariable(node: node, source: place.source)
            } else if port == 0 {
                throw place.error(
                    .invalidConnection,
                    "\(name):0 has the port 0, which is not one; Ansible takes it for no port",
                    "write a port from 1 to 65535, or none"
                )
            }
        }
        addMember(host, to: group)
        return host
    }

    mutating func addMember(_ host: Int, to group: Int) {
        guard members.insert(Pair(group: group, member: host)).inserted else { return }
        groups[group].hosts.append(host)
        hosts[host].groups.append(group)
    }

    /// Makes a group a child of another; whether that closes a ring is looked at once all is read.
    mutating func addChild(_ child: Int, to parent: Int, _ place: InventoryPlace?) {
        let edge = Pair(group: parent, member: child)
        guard edges[edge] == nil else { return }
        edges[edge] = (edges.count, place)
        groups[parent].children.append(child)
        groups[child].parents.append(parent)
    }

    mutating func setVariable(
        _ name: String,
        _ node: YAMLNode,
        ofGroup group: Int,
        _ source: String
    ) throws(InventoryError) {
        let variable = InventoryVariable(node: node, source: source)
        guard name == AnsibleNames.priority else {
            groups[group].variables[name] = variable
            return
        }
        guard let priority = node.pythonInteger else {
            throw variable.place.error(
                .invalidVariables,
                "\(name) of group \(groups[group].name) is \(node.kind), not a whole number",
                "write a whole number"
            )
        }
        groups[group].priority = priority
    }

    /// Sets what stands beside a host. Where a group has the host's name, Ansible sets it for all hosts of that group.
    mutating func setVariable(
        _ name: String,
        _ node: YAMLNode,
        ofHost host: Int,
        _ source: String
    ) throws(InventoryError) {
        guard let group = groupPlaces[hosts[host].name] else {
            hosts[host].variables[name] = InventoryVariable(node: node, source: source)
            return
        }
        let place = InventoryPlace(source: source, line: node.line)
        namesakes.append(Namesake(host: host, group: group, variable: name, place: place))
        try setVariable(name, node, ofGroup: group, source)
    }
}

extension YAMLNode {
    /// What Python's `int()` makes of it.
    var pythonInteger: Int? {
        switch value {
        case .integer(let value): value
        case .boolean(let value): value ? 1 : 0
        case .number(let value): Int(exactly: value.rounded(.towardZero))
        case .string(let text): PythonText.integer(text)
        default: nil
        }
    }

    /// A port as a number or as digits.
    var portNumber: Int? {
        switch value {
        case .integer(let value): value
        case .string(let text): PythonText.integer(text)
        default: nil
        }
    }
}
