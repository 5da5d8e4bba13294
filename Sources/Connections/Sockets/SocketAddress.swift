package import Files
package import Glibc
import SystemErrors

/// Which of a host's addresses are tried.
package enum AddressFamily: String, Sendable, Hashable {
    case any, inet, inet6
}

/// One address of a host and its port.
package struct SocketAddress: Sendable {
    private var storage = sockaddr_storage()
    private let length: socklen_t

    private init(_ address: UnsafePointer<sockaddr>, _ length: socklen_t) {
        self.length = length
        withUnsafeMutableBytes(of: &storage) { target in
            target.copyMemory(from: UnsafeRawBufferPointer(start: address, count: min(Int(length), target.count)))
        }
    }

    package init(_ machine: VsockAddress) {
        let bytes = machine.bytes
        length = socklen_t(bytes.count)
        withUnsafeMutableBytes(of: &storage) { $0.copyBytes(from: bytes) }
    }

    package init(_ address: UnixAddress) {
        self = address.withPointer { SocketAddress($0, $1) }
    }

    package var family: Int32 { Int32(storage.ss_family) }

    /// As a person writes it: `127.0.0.1`, `fe80::1%eth0`.
    package var text: String {
        if family == VsockAddress.family {
            return withUnsafeBytes(of: storage) { bytes in
                "CID \(bytes.load(fromByteOffset: 8, as: UInt32.self)), port \(bytes.load(fromByteOffset: 4, as: UInt32.self))"
            }
        }
        var host = [CChar](repeating: 0, count: 128)
        let status = withPointer { address, length in
            getnameinfo(address, length, &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST)
        }
        guard status == 0 else { return "?" }
        return host.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "?" }
    }

    package func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }

    /// The addresses of a host, in the order to try them; blocks unless `isLiteral`, when only an address will do.
    /// - Throws: TransportError, nameNotResolved.
    package static func resolve(
        _ host: String,
        port: UInt16,
        family: AddressFamily,
        isLiteral: Bool = false
    ) throws(TransportError) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICSERV | (isLiteral ? AI_NUMERICHOST : 0)
        hints.ai_family =
            switch family {
            case .any: AF_UNSPEC
            case .inet: AF_INET
            case .inet6: AF_INET6
            }
        let zone = try Zone(of: host)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(zone?.address ?? host, String(port), &hints, &list)
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = list
        while status == 0, let info = next?.pointee {
            if let address = info.ai_addr {
                var found = SocketAddress(address, info.ai_addrlen)
                if let zone { found.enter(zone) }
                addresses.append(found)
            }
            next = info.ai_next
        }
        guard !addresses.isEmpty else {
            let code = status == EAI_SYSTEM ? errno : status == EAI_MEMORY ? ENOMEM : 0
            let reason = code != 0 ? describe(errno: code) : String(cString: gai_strerror(status))
            let shortage = shortage(code)
            // The resolver says that there is no such name where it could open nothing to look.
            let lack = shortage != nil && code == 0 ? ", and no file descriptors are left to look it up" : ""
            let cure = shortage?.cure ?? "Check the name, or give an address."
            throw TransportError(.nameNotResolved, phase: .resolve, "cannot resolve \(host): \(reason)\(lack). \(cure)")
        }
        return addresses
    }
}

extension SocketAddress {
    /// What is short where a name was not resolved: for want of descriptors the resolver says that there is no such name.
    /// - Parameter code: the error number, or 0 where there is none.
    private static func shortage(_ code: Int32) -> LocalShortage? {
        if let shortage = LocalShortage(errno: code) { return shortage }
        return DescriptorRoom.make(for: resolverDescriptors) < resolverDescriptors ? .descriptors : nil
    }

    /// What the resolver opens for one name, and some more.
    private static let resolverDescriptors = 8
}

// MARK: - Zones

extension SocketAddress {
    /// The network interface behind an IPv6 address's `%`: getaddrinfo(3) takes a name of one for link-local addresses alone.
    private struct Zone {
        /// The address without it.
        let address: String
        let index: UInt32

        /// nil for a host without a zone.
        /// - Throws: TransportError, nameNotResolved: there is no such interface.
        init?(of host: String) throws(TransportError) {
            guard let mark = host.firstIndex(of: "%") else { return nil }
            let name = String(host[host.index(after: mark)...])
            address = String(host[..<mark])
            let named = if_nametoindex(name)
            index = named != 0 ? named : UInt32(name) ?? 0
            guard index != 0 else {
                throw TransportError(
                    .nameNotResolved,
                    phase: .resolve,
                    "cannot resolve \(host): this computer has no network interface \(name). `ip link` lists those it has."
                )
            }
        }
    }

    /// Puts an IPv6 address into a zone (RFC 4007, section 6).
    private mutating func enter(_ zone: Zone) {
        guard family == AF_INET6 else { return }
        withUnsafeMutableBytes(of: &storage) { bytes in
            bytes.withMemoryRebound(to: sockaddr_in6.self) { $0[0].sin6_scope_id = zone.index }
        }
    }
}
