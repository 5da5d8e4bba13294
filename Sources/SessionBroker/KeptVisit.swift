import Connections
import Files
import KeptSessions
import Synchronization
import Threads

/// What is known of a visit's wait: the phase that it is in, with what is wrong where it takes long.
final class KeptWait: Sendable {
    private let known = Mutex(ConnectionPhase.session)

    var phase: ConnectionPhase { known.withLock { $0 } }

    /// The session was found, and this is what the broker says of it.
    func found(_ session: KeptSession, now: Int64) {
        guard let words = session.words(now: now) else { return }
        known.withLock { $0 = .session(suspicion: words) }
    }
}

extension KeptSession {
    /// Why a visitor waits, as a clause; nil where nothing is known of that.
    /// - Parameter now: seconds since 1970.
    fileprivate func words(now: Int64) -> String? {
        guard state == .busy else { return nil }
        guard let visitor else { return reason.isEmpty ? nil : reason }
        let who = visitor.process > 0 ? "process \(visitor.process)" : "somebody"
        return "\(who) was in it when this run came, for \(max(0, now - visitor.since)) s by then"
    }
}

/// A visitor's view of its socket: an end that it has not asked for is told as what it is.
struct KeptConnection: TransportConnection {
    let connection: any TransportConnection
    let place: BrokerPlace

    /// Looks whether the broker is there still, and the pause between two.
    private static let looks = 3
    private static let pause = Duration.milliseconds(50)

    func receive() async throws -> TransportInput {
        let input = try await connection.receive()
        guard case .end = input else { return input }
        throw TransportError(.connectionLost, phase: nil, await hasBrokerEnded ? Self.brokerEnded : Self.closed)
    }

    func send(_ bytes: [UInt8]) async throws { try await connection.send(bytes) }

    static let brokerEnded = "the broker of kept sessions has ended, and its sessions with it."
    static let closed = "the broker of kept sessions has closed the session, or put this run out of it."

    /// The sockets of a process that ends are closed one after the other.
    private var hasBrokerEnded: Bool {
        get async {
            for round in 0..<Self.looks {
                if round > 0 { try? await Task.sleep(for: Self.pause) }
                let isThere = await Lane.files.run { [place] in
                    if case .connected? = try? LocalSocket.connect(to: place.control) { true } else { false }
                }
                if !isThere { return true }
            }
            return false
        }
    }
}
