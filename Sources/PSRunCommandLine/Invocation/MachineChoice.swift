/// Which virtual machine of libvirt's is entered over SSH.
package struct MachineChoice: Sendable, Hashable {
    package enum Name: Sendable, Hashable {
        /// Exactly as it is.
        case name(String)
        /// A GUID as it was given.
        case id(String)
    }

    /// How it is entered.
    package enum Transport: String, Sendable, Hashable, CaseIterable {
        case network, vsock, channel
    }

    package var name: Name
    /// Who to log in as.
    package var user: String
    /// libvirt's address of the hypervisor; nil for its default.
    package var hypervisor: String?
    /// nil where that is found out.
    package var transport: Transport?
}

/// The same while the command line is read.
struct MachineDraft {
    var name: MachineChoice.Name?
    var user = ""
    var hypervisor: String?
    var transport: MachineChoice.Transport?

    var choice: MachineChoice? {
        name.map { MachineChoice(name: $0, user: user, hypervisor: hypervisor, transport: transport) }
    }
}
