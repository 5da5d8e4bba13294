package import PSRP
import Synchronization

/// Out-of-process framing over a byte duplex.
package final class OutOfProcessConnection: SessionConnection {
    /// Its bytes, for who passes them on.
    package let connection: any TransportConnection
    private let carriage: Mutex<OutOfProcessClientCarriage>

    package init(_ connection: any TransportConnection, limits: SessionLimits) {
        self.connection = connection
        carriage = Mutex(OutOfProcessClientCarriage(limits: limits))
    }

    package func receive() async throws -> SessionInput {
        switch try await connection.receive() {
        case .output(let bytes): return .events(carriage.withLock { $0.receive(bytes) })
        case .diagnostics(let bytes): return .diagnostics(bytes)
        case .end(let status):
            // The end is told again at the next call.
            let last = carriage.withLock { $0.receiveEnd() }
            return last.isEmpty ? .end(status) : .events(last)
        }
    }

    package func send(_ requests: [CarriageRequest]) async throws {
        let bytes = OutOfProcessClientCarriage.bytes(of: requests)
        if !bytes.isEmpty { try await connection.send(bytes) }
    }
}
