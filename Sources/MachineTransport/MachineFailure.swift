import Connections

/// Why a virtual machine cannot be entered.
enum MachineFailure: Error, Sendable, Hashable {
    /// The loader's words.
    case noLibrary(String)
    case notConnected(String)
    case failed(String)
    case unknown
    case notRunning(state: String)
    case noAddress
    /// - Parameter words: of the agent's absence.
    case noAgent(words: String)
    /// A way that leads through this computer, to a machine of another one's.
    case elsewhere
    case noVsock
    case noChannel
    /// It has one, and that is not a Unix socket on which the hypervisor listens.
    case channelNotSocket
    /// Nothing in the guest has opened it.
    case channelIdle
    case channelClosed(socket: String, reason: String)
    /// What is at its other end says something else than a greeting.
    case channelForeign
    case channelUser(String)
    case longDescription

    var code: TransportError.Code {
        switch self {
        case .noLibrary: .libvirtMissing
        case .notConnected, .failed, .longDescription: .libvirtFailed
        case .unknown: .machineUnknown
        case .notRunning: .machineNotRunning
        case .noAddress: .machineHasNoAddress
        case .noAgent: .machineHasNoAgent
        case .elsewhere: .machineElsewhere
        case .noVsock: .machineHasNoVsock
        case .noChannel: .machineHasNoChannel
        case .channelNotSocket, .channelIdle, .channelClosed, .channelForeign, .channelUser: .channelUnusable
        }
    }

    var phase: ConnectionPhase {
        switch self {
        case .noLibrary, .notConnected: .libvirt
        case .failed, .unknown, .notRunning, .elsewhere, .noVsock, .noChannel, .channelNotSocket, .channelIdle,
            .longDescription:
            .domain
        case .noAddress, .noAgent: .address
        case .channelClosed, .channelForeign, .channelUser: .virtio
        }
    }

    func message(_ place: MachinePlace) -> String {
        switch self {
        case .noLibrary(let words):
            "libvirt's library cannot be used (\(words)). Install it: apt-get install libvirt0."
        case .notConnected(let words):
            "libvirt\(place.hypervisor.map { " at \($0.shown)" } ?? "") cannot be reached: \(place.hidden(in: words)). "
                + "--hypervisor says where it is."
        case .failed(let words): "libvirt does not tell of it: \(place.hidden(in: words))."
        case .unknown:
            switch place.name {
            case .name(let name): "libvirt has no virtual machine of the name '\(name)'. `virsh list --all` lists them."
            case .id(let id): "libvirt has no virtual machine of the UUID \(id). `virsh list --all --uuid` lists them."
            }
        case .notRunning(let state): "the virtual machine does not run: it is \(state). Start it first."
        case .noAddress:
            "libvirt knows no address of it: no lease, none of its agent's, none of ARP's. It may not have started yet, or has "
                + "no network."
        case .noAgent(let words):
            "libvirt knows no address of it: no lease, none of ARP's, and the guest has no agent to ask (\(words)). Install "
                + "qemu-guest-agent in it, or enter it with --host."
        case .elsewhere:
            "it is a machine of another computer's: vsock and channels lead to this one's. Run psrun there, or leave "
                + "--vm-transport out."
        case .noVsock: "it has no vsock device: <vsock model='virtio'><cid auto='yes'/></vsock> is one."
        case .noChannel: "it has no channel \(MachineDescription.channelName): \(Self.channel) is one."
        case .channelNotSocket:
            "its channel \(MachineDescription.channelName) is not a Unix socket on which the hypervisor listens: \(Self.channel) "
                + "is one."
        case .channelIdle:
            "nothing in it has opened its channel. Run `psrun-endpoint --channel` in it, from its start on; see the page "
                + "VirtualMachines."
        case .channelClosed(let socket, let reason): "its channel \(socket) cannot be connected to: \(reason)."
        case .channelForeign:
            "what is at the other end of its channel is not psrun's endpoint. Run `psrun-endpoint --channel` in it."
        case .channelUser(let user):
            "the endpoint at the other end of its channel runs as \(user), and not as \(place.user). Give -Credential \(user), or "
                + "start another one there."
        case .longDescription:
            "libvirt's description of it is longer than \(MachineDescription.longest >> 20) MiB, and is not read."
        }
    }

    private static let channel =
        "<channel type='unix'><target type='virtio' name='\(MachineDescription.channelName)'/></channel>"

    func error(_ place: MachinePlace) -> TransportError {
        TransportError(code, phase: phase, "\(place.label): \(message(place))")
    }
}

extension MachinePlace {
    /// libvirt's words without what is secret of its address.
    fileprivate func hidden(in words: String) -> String { hypervisor?.hidden(in: words) ?? words }
}
