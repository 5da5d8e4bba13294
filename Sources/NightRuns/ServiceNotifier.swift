import Files
import Glibc
package import Schedules

/// Tells the service manager how a run goes (sd_notify(3)), where one listens. It is waited for with `READY=1` alone, without
/// which it would end the service, and for a while; any other message that it does not take at once is lost.
package final class ServiceNotifier: Sendable {
    /// Seconds that a manager has to take `READY=1`.
    private static let patience = 5

    private let socket: FileDescriptor
    private let manager: ServiceManager

    /// - Parameter environment: this process's.
    /// - Returns: nil where no manager listens.
    package init?(environment: [String: String]) {
        guard let manager = ServiceManager(environment: environment, process: getpid()) else { return nil }
        let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let number = Glibc.socket(AF_UNIX, kind, 0)
        guard number >= 0 else { return nil }
        var patience = timeval(tv_sec: Self.patience, tv_usec: 0)
        setsockopt(number, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        socket = FileDescriptor(owning: number)
        self.manager = manager
    }

    /// Has what this process starts know nothing of its manager: a program could speak in its name.
    /// To be called while nobody else reads the environment.
    package static func hideFromPrograms() {
        for name in ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] { unsetenv(name) }
    }

    /// Sends some messages as one.
    package func tell(_ messages: ServiceMessage...) {
        let text = messages.map(\.text).joined(separator: "\n")
        let address =
            switch manager.address {
            case .path(let path): UnixAddress(path)
            case .abstract(let name): UnixAddress(abstract: name)
            }
        guard let address else { return }
        let bytes = Array(text.utf8)
        let flags = Int32(MSG_NOSIGNAL) | (messages.contains(.ready) ? 0 : Int32(MSG_DONTWAIT))
        address.withPointer { pointer, length in
            _ = sendto(socket.raw, bytes, bytes.count, flags, pointer, length)
        }
    }

    /// Gives signs of life from now on, where the manager wants them. They come from the threads on which psrun's own work
    /// runs: where that has come to a stand, there are none.
    package func beginSignsOfLife() {
        guard let interval = manager.pingMicroseconds else { return }
        Task { [self] in
            while !Task.isCancelled {
                tell(.watchdog)
                try? await Task.sleep(for: .microseconds(interval))
            }
        }
    }
}
