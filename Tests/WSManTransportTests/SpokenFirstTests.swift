import Connections
import EventLoops
import Foundation
import PSRP
import PSRunTestSupport
import TLS
import Testing
import WSManEnvelope

@testable import WSManTransport

/// Servers of other protocols, behind the port that https was asked of.
struct SpokenFirstTests {
    @Test(
        "What speaks before it is greeted does not speak TLS, and that is told at once",
        arguments: ["SSH-2.0-OpenSSH_9.6\r\n", "220 mail.example.com ESMTP\r\n", ""],
        [true, false]
    )
    func banner(_ text: String, staysOpen: Bool) async throws {
        // One that says nothing, and stays, is waited for.
        guard !text.isEmpty || !staysOpen else { return }
        let server = try Greeter(text, staysOpen: staysOpen)
        defer { server.end() }
        let began = ContinuousClock.now
        let place = WinRMPlace(
            label: "web01",
            host: "127.0.0.1",
            port: server.port,
            authority: "127.0.0.1:\(server.port)",
            target: "/wsman",
            endpoint: WSManEndpoint(address: "https://127.0.0.1:\(server.port)/wsman", host: "web01"),
            tls: SharedTLS {
                // What it says, and that it leaves, has come by then.
                try await Task.sleep(for: .milliseconds(300))
                return try TLSContext(TLSSettings(trust: .anyone))
            },
            login: WinRMLogin { try WSManFixture.Way.basicOverHTTPS.proof(nil) }
        )
        let transport = WSManTransport(
            to: place,
            environment: WSManFixture.environment(),
            redirect: .refused,
            patience: .seconds(5),
            loop: try TestLoops.next()
        )
        let error = await #expect(throws: TransportError.self) {
            try await transport.withSession(
                limits: .ofClient,
                timeline: ConnectionTimeline(),
                deadline: ConnectingDeadline(.seconds(60), on: RunClock())
            ) { connection in
                try await connection.send([.open([1])])
                _ = try await connection.receive()
            }
        }
        let words = text.isEmpty ? "closed the connection in the TLS handshake" : "does not speak TLS"
        #expect(error?.message.contains(words) == true && error?.phase == .tls, "\(error as Any)")
        #expect(error?.code != .timedOut && ContinuousClock.now - began < .seconds(30))
    }
}

/// Listens, greets the first who comes, and closes or stays.
private final class Greeter: Sendable {
    let port: UInt16
    private let listener: Int32

    init(_ text: String, staysOpen: Bool) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 4) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw TestSupportError("no socket to listen at") }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread {
            let peer = accept(descriptor, nil, nil)
            guard peer >= 0 else { return }
            _ = Array(text.utf8).withUnsafeBytes { write(peer, $0.baseAddress, $0.count) }
            if staysOpen {
                var bytes = [UInt8](repeating: 0, count: 4_096)
                while read(peer, &bytes, bytes.count) > 0 {}
            }
            close(peer)
        }
    }

    func end() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }
}
