/// Which virtual machine of libvirt's is entered.
package struct MachinePlace: Sendable, Hashable {
    /// How it is named: looked up by one call of libvirt's each, and never by the other.
    package enum Name: Sendable, Hashable {
        /// Exactly as it is.
        case name(String)
        /// A UUID in lower case, with its dashes.
        case id(String)
    }

    /// How a machine is entered.
    package enum Way: String, Sendable, Hashable, CaseIterable {
        /// Over SSH, at the address that libvirt knows.
        case network
        /// Over SSH, through the kernel of this computer.
        case vsock
        /// Through its channel, at whose other end there is an endpoint.
        case channel
    }

    package let name: Name
    /// libvirt's own address (`qemu:///system`); nil for its default.
    package let hypervisor: HypervisorAddress?
    /// Who the session runs as.
    package let user: String
    /// nil for the network, and vsock where libvirt knows no address.
    package let way: Way?

    package init(_ name: Name, hypervisor: String? = nil, user: String, way: Way? = nil) {
        self.name = name
        self.hypervisor = hypervisor.map { HypervisorAddress($0) }
        self.user = user
        self.way = way
    }

    /// The name, or the UUID.
    package var text: String {
        switch name {
        case .name(let text), .id(let text): text
        }
    }

    /// What results, messages and recordings call it.
    package var label: String { "vm:\(text)" }

    /// Reads a UUID as .NET writes it: with or without dashes, in braces or parentheses.
    /// - Returns: nil for what is none.
    package static func id(_ text: String) -> Name? {
        let digits = text.lowercased().filter { $0.isASCII && $0.isHexDigit }
        guard digits.count == 32, text.allSatisfy({ $0.isHexDigit || "-{}()".contains($0) }) else { return nil }
        var (rest, groups) = (digits[...], [Substring]())
        for length in [8, 4, 4, 4, 12] {
            groups.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return .id(groups.joined(separator: "-"))
    }
}
