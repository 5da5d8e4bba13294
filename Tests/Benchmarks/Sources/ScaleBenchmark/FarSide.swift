import Glibc
import SimulatedFarSide

/// A far side of many sessions behind one Unix socket, on one thread; it ends by a signal.
enum FarSide {
    static func serve(_ path: String) throws {
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let isBound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        precondition(isBound && listen(listener, 4096) == 0, "\(path): \(errno)")
        var sessions: [Int32: AnsweringServer] = [:]
        var watched = [pollfd(fd: listener, events: Int16(POLLIN), revents: 0)]
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        while poll(&watched, nfds_t(watched.count), -1) > 0 {
            for index in watched.indices.reversed() where watched[index].revents != 0 {
                let descriptor = watched[index].fd
                if descriptor == listener {
                    let session = accept(listener, nil, nil)
                    guard session >= 0 else { continue }
                    sessions[session] = AnsweringServer()
                    watched.append(pollfd(fd: session, events: Int16(POLLIN), revents: 0))
                    continue
                }
                let count = read(descriptor, &bytes, bytes.count)
                let replies = count > 0 ? try sessions[descriptor]?.replies(to: Array(bytes[..<count])) : nil
                guard let replies else {
                    sessions[descriptor] = nil
                    watched.remove(at: index)
                    close(descriptor)
                    continue
                }
                if !replies.isEmpty { _ = write(descriptor, replies, replies.count) }
            }
        }
    }
}
