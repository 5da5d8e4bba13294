/// An address of a virtual machine's.
struct MachineAddress: Sendable, Hashable {
    /// Where libvirt has it from, in the order in which they are asked.
    enum Source: UInt32, Sendable, Hashable, CaseIterable {
        case lease = 0
        case agent = 1
        case arp = 2
    }

    let interface: String
    /// As text, without the length of a prefix.
    let text: String
    let isIPv4: Bool

    /// Whether it may lead there from another computer, or this one: neither the guest's own loop nor one that needs an
    /// interface beside it.
    var mayBeReached: Bool {
        guard interface != "lo" else { return false }
        return !(text == "::1" || text.lowercased().hasPrefix("fe80:") || text.hasPrefix("169.254."))
    }

    /// The one to use: IPv4 before IPv6, and in libvirt's order.
    static func best(of addresses: [MachineAddress]) -> MachineAddress? {
        let usable = addresses.filter(\.mayBeReached)
        return usable.first(where: \.isIPv4) ?? usable.first
    }
}
