/// What a service tells its manager (sd_notify(3)): lines of one datagram.
package enum ServiceMessage: Sendable, Hashable {
    case ready
    /// How many of a run's targets have ended.
    case status(ended: Int, of: Int)
    /// A sign of life.
    case watchdog
    case stopping

    package var text: String {
        switch self {
        case .ready: "READY=1"
        case .status(let ended, let all): "STATUS=\(ended)/\(all)"
        case .watchdog: "WATCHDOG=1"
        case .stopping: "STOPPING=1"
        }
    }
}

/// Where the manager listens, and how often it wants a sign of life, as the environment says.
package struct ServiceManager: Sendable, Hashable {
    package enum Address: Sendable, Hashable {
        case path(String)
        /// Without its leading NUL.
        case abstract(String)
    }

    package let address: Address
    /// Between two signs of life: half of what the manager waits for one; nil where it wants none.
    package let pingMicroseconds: Int64?

    /// - Parameter process: this process's id, which WATCHDOG_PID must name where it is set (sd_watchdog_enabled(3)).
    /// - Returns: nil where no manager listens.
    package init?(environment: [String: String], process: Int32) {
        guard let socket = environment["NOTIFY_SOCKET"], socket.utf8.count > 1 else { return nil }
        switch socket.utf8.first {
        case UInt8(ascii: "/"): address = .path(socket)
        case UInt8(ascii: "@"): address = .abstract(String(socket.dropFirst()))
        default: return nil
        }
        let named = environment["WATCHDOG_PID"]
        let isMeant = named.map { Int32($0) == process } ?? true
        let interval = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
        pingMicroseconds = isMeant && interval > 1 ? interval / 2 : nil
    }
}
