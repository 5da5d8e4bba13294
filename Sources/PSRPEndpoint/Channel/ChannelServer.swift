import Glibc

/// Serves sessions one after the other on a channel, as long as it is there.
/// - Parameters:
///   - path: the port's; nil for the one that has psrun's own name.
///   - session: serves one, and returns at its end.
/// - Throws: EndpointError: there is no such port, or it is gone.
func serveChannel(at path: String?, session: (ChannelPort) -> Void) throws(EndpointError) {
    let path = if let path { path } else { try ChannelPlace.standard() }
    let port = try ChannelPort(path)
    let user = ChannelPlace.userName(geteuid())
    while port.awaitClient(as: user) {
        session(port)
        port.endSession()
    }
    throw EndpointError("The channel \(path) is gone.")
}

/// Where a guest finds the channel, and who it is.
enum ChannelPlace {
    /// As the hypervisor names it.
    private static let name = "org.psrun.0"
    /// What udev makes of that.
    private static let link = "/dev/virtio-ports/\(name)"
    /// Where the kernel has the ports' names, for guests without udev.
    private static let ports = "/sys/class/virtio-ports"

    /// - Throws: EndpointError: the machine has none.
    static func standard() throws(EndpointError) -> String {
        if access(link, F_OK) == 0 { return link }
        for number in 0..<16 {
            for port in 0..<32 where text(of: "\(ports)/vport\(number)p\(port)/name") == "\(name)\n" {
                return "/dev/vport\(number)p\(port)"
            }
        }
        throw EndpointError(
            "psrun endpoint finds no channel \(name): there is no \(link). Add it to the virtual machine: "
                + "<channel type='unix'><target type='virtio' name='\(name)'/></channel>."
        )
    }

    /// By passwd(5); the number for who has no name there.
    static func userName(_ user: UInt32, in file: String = "/etc/passwd") -> String {
        for line in (text(of: file) ?? "").split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count > 2, UInt32(fields[2]) == user, !fields[0].isEmpty else { continue }
            return String(fields[0].filter { $0 != " " })
        }
        return user == 0 ? "root" : "\(user)"
    }

    private static func text(of path: String) -> String? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 18)
        return String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
    }
}
