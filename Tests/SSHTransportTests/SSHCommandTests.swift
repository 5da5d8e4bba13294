import Connections
import PSRunTestSupport
import Testing

@testable import SSHTransport

@Suite("Command lines run side by side on one SSH connection")
struct SSHCommandTests {
    /// One command line of a connection, as a way in of its own.
    private struct OneCommand: ByteTransport {
        let commands: SSHCommandTransport
        let line: String

        func withConnection<Result: Sendable>(
            timeline: ConnectionTimeline,
            deadline: ConnectingDeadline?,
            _ body: @Sendable (any TransportConnection) async throws -> Result
        ) async throws -> Result {
            try await commands.withCommands(timeline: timeline, deadline: deadline) { commands in
                let connection = try await commands.start(line)
                await commands.isReady()
                return try await body(connection)
            }
        }
    }

    private func commands(_ fixture: SSHFixture) throws -> SSHCommandTransport {
        SSHCommandTransport(
            target: fixture.target(),
            environment: fixture.environment(fixture.options()),
            loop: try TestLoops.next()
        )
    }

    @Test("Each passes the conformance kit")
    func conforms() async throws {
        let fixture = try await SSHFixture()
        let conformance = TransportConformance { program in
            OneCommand(commands: try commands(fixture), line: program.rawValue)
        }
        try await conformance.echoesMessages()
        try await conformance.tellsStreamsAndStatus()
        try await conformance.echoesMegabytes()
        try await conformance.keepsWhatWaits()
        try await conformance.bodyMayThrow()
        try await conformance.cancellationEndsIt()
    }

    @Test("A command that ends is told although what it left holds its streams")
    func leftovers() async throws {
        let fixture = try await SSHFixture()
        let transport = OneCommand(commands: try commands(fixture), line: "echo on; sleep 20 & exit 3")
        let all = try await transport.withConnection(timeline: ConnectionTimeline(), deadline: nil) {
            try await $0.receiveAll()
        }
        #expect(all.output == Array("on\n".utf8) && all.end == .code(3))
    }

    @Test("One more than the server takes is refused, and the others go on")
    func oneTooMany() async throws {
        let fixture = try await SSHFixture(settings: ["MaxSessions 1"])
        let answer = try await commands(fixture).withCommands(timeline: ConnectionTimeline(), deadline: nil) {
            commands in
            let first = try await commands.start("exec cat")
            let error = await #expect(throws: TransportError.self) { try await commands.start("exec cat") }
            #expect(error?.code == .commandRefused)
            try await first.send(Array("still here\n".utf8))
            return try await first.receive()
        }
        #expect(answer == .output(Array("still here\n".utf8)))
    }
}
