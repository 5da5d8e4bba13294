import Files
import Glibc
import PSRunTestSupport

/// What a service manager has: a datagram socket that services speak to.
final class NotifyPeer: Sendable {
    private let socket: FileDescriptor
    /// As NOTIFY_SOCKET names it.
    let name: String

    /// - Parameter name: a path, or `@` and a name that is in no file system.
    init(_ name: String) throws {
        self.name = name
        socket = FileDescriptor(
            owning: Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        )
        let address = name.hasPrefix("@") ? UnixAddress(abstract: String(name.dropFirst())) : UnixAddress(name)
        guard let address, address.withPointer({ bind(socket.raw, $0, $1) }) == 0 else {
            throw TestSupportError("cannot listen at \(name)")
        }
        socket.setNonBlocking()
    }

    /// The messages that came so far and were not read yet, in their order.
    func messages() -> [String] {
        var messages: [String] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while case let count = recv(socket.raw, &buffer, buffer.count, 0), count > 0 {
            messages.append(String(decoding: buffer[..<count], as: UTF8.self))
        }
        return messages
    }
}
