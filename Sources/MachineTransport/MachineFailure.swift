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

    var code: TransportError.Code {
        switch self {
        case .noLibrary: .libvirtMissing
        case .notConnected, .failed: .libvirtFailed
        case .unknown: .machineUnknown
        case .notRunning: .machineNotRunning
        case .noAddress: .machineHasNoAddress
        case .noAgent: .machineHasNoAgent
        }
    }

    var phase: ConnectionPhase {
        switch self {
        case .noLibrary, .notConnected: .libvirt
        case .failed, .unknown, .notRunning: .domain
        case .noAddress, .noAgent: .address
        }
    }

    func message(_ place: MachinePlace) -> String {
        switch self {
        case .noLibrary(let words):
            "libvirt's library cannot be used (\(words)). Install it: apt-get install libvirt0."
        case .notConnected(let words):
            "libvirt\(place.hypervisor.map { " at \($0)" } ?? "") cannot be reached: \(words). --hypervisor says where it is."
        case .failed(let words): "libvirt does not tell of it: \(words)."
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
        }
    }

    func error(_ place: MachinePlace) -> TransportError {
        TransportError(code, phase: phase, "\(place.label): \(message(place))")
    }
}
