import CLIXML
import Connections
import PSRP
import Synchronization
import Testing

/// A byte duplex as a session's connection.
@Suite struct OutOfProcessConnectionTests {
    private final class Duplex: TransportConnection {
        private let inputs: Mutex<[TransportInput]>
        let sent = Mutex<[[UInt8]]>([])

        init(_ inputs: [TransportInput]) {
            self.inputs = Mutex(inputs)
        }

        /// The last one is told again and again.
        func receive() async throws -> TransportInput {
            inputs.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
        }

        func send(_ bytes: [UInt8]) async throws {
            sent.withLock { $0.append(bytes) }
        }
    }

    private static let ack = "<CommandAck PSGuid='\(PSGuid.zero)' />\n"

    private func connection(_ inputs: [TransportInput]) -> (Duplex, OutOfProcessConnection) {
        let duplex = Duplex(inputs)
        return (duplex, OutOfProcessConnection(duplex, limits: SessionLimits()))
    }

    @Test("Bytes cut anywhere become events; a part of one is an empty sign of life")
    func receives() async throws {
        let bytes = Array(Self.ack.utf8)
        let (_, connection) = connection([
            .output(Array(bytes.prefix(9))), .diagnostics([0x41]), .output(Array(bytes.dropFirst(9))), .end(.code(0)),
        ])
        #expect(try await connection.receive() == .events([]))
        #expect(try await connection.receive() == .diagnostics([0x41]))
        #expect(try await connection.receive() == .events([.acknowledged(.command, .pool)]))
        #expect(try await connection.receive() == .end(.code(0)))
        #expect(try await connection.receive() == .end(.code(0)))
    }

    @Test("The last words of a program that is not PSRP come before the end, which is told again")
    func lastWords() async throws {
        let (_, connection) = connection([.output(Array("sftp only".utf8)), .end(.code(1))])
        #expect(try await connection.receive() == .events([]))
        #expect(try await connection.receive() == .events([.noise("sftp only")]))
        #expect(try await connection.receive() == .end(.code(1)))
        #expect(try await connection.receive() == .end(.code(1)))
    }

    @Test("A fault is the last event, behind what came before it")
    func fault() async throws {
        let (_, connection) = connection([
            .output(Array("\(Self.ack)<DataAck PSGuid='nonsense' />\n\(Self.ack)".utf8)), .output([0x0A]),
        ])
        guard case .events(let events) = try await connection.receive(), events.count == 2,
            case .broken(let error)? = events.last
        else {
            Issue.record("no fault")
            return
        }
        #expect(events[0] == .acknowledged(.command, .pool))
        #expect(error.code == .malformedElement)
        #expect(try await connection.receive() == .events([]))
    }

    @Test("Requests are one write, and what is not sent is none")
    func sends() async throws {
        let (duplex, connection) = connection([.end(.unknown)])
        try await connection.send([.negotiated(PSVersionNumber(2, 3))])
        try await connection.send([.open([1]), .command(PSGuid(high: 1, low: 2), [])])
        let lines = duplex.sent.withLock { $0 }.map { String(decoding: $0, as: UTF8.self) }
        #expect(
            lines == [
                "<Data Stream='Default' PSGuid='\(PSGuid.zero)'>AQ==</Data>\n"
                    + "<Command PSGuid='00000000-0000-0001-0000-000000000002' />\n"
            ]
        )
    }
}
