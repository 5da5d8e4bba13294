import Files
import Glibc
import KeptSessions

/// The names of the sessions that are kept, for a shell in which somebody presses Tab: soon, or none.
package enum KeptNames {
    /// In milliseconds.
    private static let patience: Int32 = 500

    /// - Parameter environment: of this process; it tells where the broker is.
    package static func all(environment: [String: String]) -> [String] {
        guard let place = try? BrokerPlace.ofThisUser(environment: environment),
            case .connected(let socket)? = try? LocalSocket.connect(to: place.control)
        else { return [] }
        let port = BrokerPort(socket)
        port.send(ControlLine.encode(ControlRequest.list.fields))
        let until = monotonicNanoseconds() + UInt64(patience) * 1_000_000
        var (reader, names) = (ControlReader(), [String]())
        while monotonicNanoseconds() < until {
            var wait = [port.wait(reading: true)]
            guard poll(&wait, 1, patience) >= 0 else { return names }
            port.flush()
            guard let bytes = port.receive() else { continue }
            for fields in reader.receive(bytes) {
                switch ControlReply(fields) {
                case .session(let session): names.append(session.name)
                case .done: return names
                default: return []
                }
            }
            if bytes.isEmpty || reader.isTooMuch { return names }
        }
        return names
    }
}
