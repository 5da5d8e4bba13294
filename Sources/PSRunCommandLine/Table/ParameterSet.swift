/// The parameter sets of Enter-PSSession: the ways into a session.
package enum ParameterSet: String, Sendable, Hashable, CaseIterable {
    case computerName = "ComputerName"
    case sshHost = "SSHHost"
    case session = "Session"
    case uri = "Uri"
    case instanceID = "InstanceId"
    case id = "Id"
    case name = "Name"
    case vmID = "VMId"
    case vmName = "VMName"
    case containerID = "ContainerId"

    /// The one that is meant where the parameters given fit several.
    package static let `default` = ParameterSet.computerName

    /// Whether it names a session that is open already.
    package var isKept: Bool { [.session, .instanceID, .id, .name].contains(self) }

    /// The parameters without which the set is not complete.
    package var mandatory: [String] {
        switch self {
        case .computerName: ["ComputerName"]
        case .sshHost: ["HostName"]
        case .vmID: ["VMId", "Credential"]
        case .vmName: ["VMName", "Credential"]
        case .containerID: ["ContainerId"]
        case .session, .uri, .instanceID, .id, .name: []
        }
    }
}
