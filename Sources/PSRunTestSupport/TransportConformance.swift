package import Connections
import Testing

/// What a far program does, for a transport under test to be connected to.
package enum FarProgram: String, CaseIterable {
    /// Sends back what it gets, then ends with status 0.
    case echo = "exec cat"
    /// Tells both streams apart and ends with a status of its own.
    case twoStreams = "printf out; printf err >&2; exit 7"
    /// Ends by a signal.
    case killed = "kill -TERM $$"
    /// Sends ten million bytes at once and ends.
    case flood = "head -c 10000000 /dev/zero"
    /// Closes its output and goes on.
    case mute = "exec >&- 2>&-; exec sleep 20"
    /// Ends by itself only behind any bound that it is held against, and never reads.
    case deaf = "trap '' TERM; for round in 1 2 3 4 5 6 7 8 9; do sleep 1; done"
}

/// What each transport must do, over the programs above.
package struct TransportConformance: Sendable {
    package let transport: @Sendable (FarProgram) throws -> any ByteTransport

    /// Whether standard error comes at all: sshd drops a subsystem's.
    package let carriesDiagnostics: Bool

    /// Whether anything tells how the far program ended.
    package let tellsStatus: Bool

    package init(
        carriesDiagnostics: Bool = true,
        tellsStatus: Bool = true,
        _ transport: @escaping @Sendable (FarProgram) throws -> any ByteTransport
    ) {
        self.carriesDiagnostics = carriesDiagnostics
        self.tellsStatus = tellsStatus
        self.transport = transport
    }

    package func run(
        _ program: FarProgram,
        _ body: @escaping @Sendable (any TransportConnection) async throws -> Void
    ) async throws {
        try await transport(program).withConnection(
            timeline: ConnectionTimeline(),
            deadline: ConnectingDeadline(.seconds(20), on: RunClock()),
            body
        )
    }

    /// Small messages come back, each before the next is sent.
    package func echoesMessages() async throws {
        try await run(.echo) { connection in
            for message in ["a\n", "b b\n", "ü€\n"] {
                try await connection.send(Array(message.utf8))
                var answer: [UInt8] = []
                while answer.count < message.utf8.count {
                    guard case .output(let bytes) = try await connection.receive() else { break }
                    answer += bytes
                }
                #expect(answer == Array(message.utf8))
            }
        }
    }

    /// Ten megabytes come back whole while they are still being sent.
    package func echoesMegabytes() async throws {
        let sent = (0..<10_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }
        try await run(.echo) { connection in
            async let sending: Void = connection.send(sent)
            var received: [UInt8] = []
            while received.count < sent.count {
                guard case .output(let bytes) = try await connection.receive() else { break }
                received += bytes
            }
            try await sending
            #expect(received == sent)
        }
    }

    /// Standard error comes apart from standard output, and the exit status last, as often as it is asked for.
    package func tellsStreamsAndStatus() async throws {
        try await run(.twoStreams) { connection in
            let all = try await connection.receiveAll()
            #expect(all.output == Array("out".utf8))
            #expect(all.diagnostics == (carriesDiagnostics ? Array("err".utf8) : []))
            #expect(all.end == ending(7))
            let again = try await connection.receive()
            #expect(again == .end(ending(7)))
        }
    }

    private func ending(_ code: Int32) -> Connections.ExitStatus { tellsStatus ? .code(code) : .unknown }

    /// A receiver that waits before it takes anything still gets every byte.
    package func keepsWhatWaits() async throws {
        try await run(.flood) { connection in
            try await Task.sleep(for: .milliseconds(200))
            let all = try await connection.receiveAll()
            #expect(all.output.count == 10_000_000)
            #expect(all.end == ending(0))
        }
    }

    /// What the body throws comes out, with the far program still running.
    package func bodyMayThrow() async throws {
        struct Refusal: Error {}
        await #expect(throws: Refusal.self) {
            try await run(.deaf) { _ in throw Refusal() }
        }
    }

    /// A cancelled session ends although its far program would not.
    package func cancellationEndsIt() async throws {
        let (started, continuation) = AsyncStream<Void>.makeStream()
        let session = Task {
            try await run(.deaf) { connection in
                continuation.yield()
                _ = try await connection.receive()
            }
        }
        for await _ in started { break }
        session.cancel()
        await #expect(throws: CancellationError.self) { try await session.value }
    }
}

extension TransportConnection {
    /// Everything up to the end.
    package func receiveAll() async throws -> (output: [UInt8], diagnostics: [UInt8], end: Connections.ExitStatus) {
        var output: [UInt8] = []
        var diagnostics: [UInt8] = []
        while true {
            switch try await receive() {
            case .output(let bytes): output += bytes
            case .diagnostics(let bytes): diagnostics += bytes
            case .end(let status): return (output, diagnostics, status)
            }
        }
    }
}
