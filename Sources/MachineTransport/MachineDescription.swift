import Glibc

/// What libvirt's description of a running machine says of the ways into it (formatdomain).
struct MachineDescription: Equatable {
    /// A channel of virtio's by psrun's name.
    struct Channel: Equatable {
        /// Where the hypervisor listens; nil where it is not a Unix socket of that kind.
        var socket: String?
        /// Whether anything in the guest has opened it; nil where libvirt does not tell.
        var isOpen: Bool?
    }

    /// Its context id (vsock(7)).
    var vsock: UInt32?
    var channel: Channel?

    /// The name of the channel.
    static let channelName = "org.psrun.0"
    /// In bytes: as long as a text of libvirt's protocol may be.
    static let longest = 4 << 20
    /// Smaller ones are the kernel's own: the hypervisor, itself, the host.
    private static let firstGuest: UInt32 = 3

    /// - Throws: MachineFailure: it is longer than any.
    init(bounded text: UnsafePointer<CChar>) throws(MachineFailure) {
        guard strnlen(text, Self.longest + 1) <= Self.longest else { throw .longDescription }
        self.init(String(cString: text))
    }

    /// - Parameter text: `virsh dumpxml`.
    init(_ text: String) {
        var tags = XMLTags(text)
        var path: [String] = []
        var here = Device()
        while let tag = tags.next() {
            switch tag {
            case .begin(let name, let attributes):
                path.append(name)
                if path.count == 3, path.starts(with: ["domain", "devices"]) {
                    here = Device(kind: name, type: attributes["type"])
                } else if path.count == 4, path.starts(with: ["domain", "devices"]) {
                    here.take(name, attributes)
                }
            case .end:
                if path.count == 3, path.starts(with: ["domain", "devices"]) { keep(here) }
                _ = path.popLast()
            }
        }
    }

    private mutating func keep(_ device: Device) {
        switch device.kind {
        case "vsock":
            guard let number = device.contextID.flatMap({ UInt32($0) }), number >= Self.firstGuest, number < .max else {
                return
            }
            vsock = vsock ?? number
        case "channel" where device.target["type"] == "virtio" && device.target["name"] == Self.channelName:
            let isListening = device.type == "unix" && device.source["mode"] != "connect"
            let state = device.target["state"].map { $0 == "connected" }
            channel = channel ?? Channel(socket: isListening ? device.source["path"] : nil, isOpen: state)
        default: break
        }
    }

    /// One device, as far as it matters.
    private struct Device {
        var kind = ""
        var type: String?
        var source: [String: String] = [:]
        var target: [String: String] = [:]
        var contextID: String?

        mutating func take(_ name: String, _ attributes: [String: String]) {
            switch (kind, name) {
            case ("vsock", "cid"): contextID = attributes["address"]
            case ("channel", "source"): source = attributes
            case ("channel", "target"): target = attributes
            default: break
            }
        }
    }
}
