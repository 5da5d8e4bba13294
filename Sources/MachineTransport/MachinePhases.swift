package import Connections

extension ConnectionPhase {
    /// The connection to libvirt.
    package static let libvirt = ConnectionPhase(
        "libvirt",
        position: -3,
        activity: "connecting to libvirt",
        suspicion: "its daemon does not answer"
    )
    /// libvirt's answer which machine that is, and whether it runs.
    package static let domain = ConnectionPhase(
        "domain",
        position: -2,
        activity: "asking libvirt for the virtual machine"
    )
    /// Its address: of a lease, of the guest's agent, or of ARP.
    package static let address = ConnectionPhase(
        "address",
        position: -1,
        activity: "asking libvirt for the virtual machine's address",
        suspicion: "the guest's agent does not answer"
    )

    /// From the connection to a machine's channel to the endpoint's word at its other end.
    package static let virtio = ConnectionPhase(
        "virtio",
        position: 70,
        activity: "waiting for the endpoint at the other end of the virtual machine's channel",
        suspicion: "somebody else may be in it, or the guest does not run yet"
    )

    /// The phases of this way in before those of SSH, in their order.
    package static let ofMachines = [libvirt, domain, address]
}

extension TransportError.Code {
    /// libvirt's library is not on this computer, or lacks something.
    package static let libvirtMissing = Self(rawValue: "LibvirtMissing")
    /// libvirt does not do what it is asked for.
    package static let libvirtFailed = Self(rawValue: "LibvirtFailed")
    package static let machineUnknown = Self(rawValue: "VMUnknown")
    package static let machineNotRunning = Self(rawValue: "VMNotRunning")
    package static let machineHasNoVsock = Self(rawValue: "VMHasNoVsock")
    package static let machineHasNoChannel = Self(rawValue: "VMHasNoChannel")
    /// The way leads through this computer, and the machine is another one's.
    package static let machineElsewhere = Self(rawValue: "VMElsewhere")
    /// A machine's channel leads to nobody who is the right one.
    package static let channelUnusable = Self(rawValue: "VMChannelUnusable")
    /// All of libvirt's sources answer, and none has an address.
    package static let machineHasNoAddress = Self(rawValue: "VMHasNoAddress")
    /// No lease, no entry of ARP's, and no agent in the guest to ask.
    package static let machineHasNoAgent = Self(rawValue: "VMHasNoAgent")
}
