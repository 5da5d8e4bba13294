import Connections
import PSRP
import Synchronization

/// A session's connection, whatever carries it, as the bytes of out-of-process framing.
final class FramedSession: TransportConnection {
    private let session: any SessionConnection
    private let carriage = Mutex(OutOfProcessServerCarriage(limits: SessionLimits()))

    init(_ session: any SessionConnection) {
        self.session = session
    }

    func receive() async throws -> TransportInput {
        while true {
            switch try await session.receive() {
            case .events(let events):
                let bytes = carriage.withLock { carriage in
                    carriage.write(events)
                    return carriage.bytesToSend()
                }
                if !bytes.isEmpty { return .output(bytes) }
            case .diagnostics(let bytes): return .diagnostics(bytes)
            case .end(let status): return .end(status)
            }
        }
    }

    func send(_ bytes: [UInt8]) async throws {
        let requests = try carriage.withLock { carriage throws(PSRPError) in
            var requests: [CarriageRequest] = []
            carriage.receive(bytes)
            while let request = try carriage.next() { requests.append(request) }
            return requests
        }
        try await session.send(requests)
    }
}
