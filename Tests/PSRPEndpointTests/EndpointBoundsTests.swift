import CLIXML
import PSRunTestSupport
import Synchronization
import Testing

@testable import PSRP
@testable import PSRPEndpoint

@Suite("What a client or a program sends without end is bounded")
struct EndpointBoundsTests {
    private let first = PSGuid(high: 1, low: 1)
    private let second = PSGuid(high: 2, low: 2)

    /// A session in which a line runs.
    private func running(_ request: PipelineRequest, longestLine: Int = 1 << 20) throws -> EndpointSession {
        var session = try EndpointSessionTests.opened()
        session.lineLimit = LineLimit(bytes: longestLine)
        try session.receive(EndpointSessionTests.creation(of: request, first))
        session.handle(.checked(.complete))
        _ = session.bytesToSend()
        return session
    }

    /// The texts of what a session sends.
    private func sent(_ session: inout EndpointSession) throws -> [String] {
        var decoder = OutOfProcessDecoder(side: .client, limits: .ofClient)
        decoder.receive(session.bytesToSend())
        var fragments = FragmentReassembler(limits: .ofClient)
        var texts: [String] = []
        while let item = try decoder.next() {
            guard case .element(let element) = item, case .data(_, let bytes) = element.kind else { continue }
            for message in try fragments.receive(bytes) {
                texts.append(String(decoding: try Message(decoding: message).body, as: UTF8.self))
            }
        }
        return texts
    }

    @Test("A line beyond what one message holds is left out with an error that says so, and the next one comes")
    func overlong() throws {
        for request in [PipelineRequest.line("x"), .probe("x")] {
            for stream in [ShellStream.output, .error] {
                var session = try running(request)
                let much = [UInt8](repeating: UInt8(ascii: "x"), count: (1 << 20) + 1)
                session.handle(.output(much + Array("\nnext\n".utf8), stream))
                let texts = try sent(&session)
                #expect(texts.contains { $0.contains("longer than 1 MiB") } && texts.contains { $0.contains(">next<") })
                #expect(texts.allSatisfy { $0.utf8.count < 10_000 })
            }
        }
    }

    @Test("A line that only its escapes make too long is left out, too")
    func escapes() throws {
        var session = try running(.probe("x"))
        session.handle(.output([UInt8](repeating: 1, count: 200_000) + Array("\nnext\n".utf8), .output))
        let texts = try sent(&session)
        #expect(texts.contains { $0.contains("longer than 1 MiB") } && texts.contains { $0.contains(">next<") })
        session.handle(.output([UInt8](repeating: 1, count: 140_000) + Array("\n".utf8), .output))
        #expect(try sent(&session).contains { $0.utf8.count > 900_000 })
    }

    @Test("Input that comes for a pipeline that waits is bounded over the session")
    func waitingInput() throws {
        var session = try running(.probe("x"))
        let request = PipelineRequest(statements: [[PipelineCommand("cat", isScript: true)]], noInput: false)
        try session.receive(EndpointSessionTests.creation(of: request, second))
        #expect(session.waiting.count == 1)
        let value = PSValue.string(String(repeating: "x", count: 10 << 20))
        for _ in 0..<4 { session.handle(.input(second, value)) }
        #expect(session.waiting.count == 1)
        session.handle(.input(second, value))
        #expect(session.waiting.isEmpty)
        #expect(try sent(&session).contains { $0.contains("more than 50 MiB of input") })
    }

    @Test("Texts that wait to be shown are bounded over the session")
    func waitingTexts() throws {
        var session = try running(.probe("x"))
        try session.receive(EndpointSessionTests.creation(of: .rendering, second))
        let value = PSValue.string(String(repeating: "x", count: 4 << 20))
        session.handle(.input(second, value))
        #expect(session.waiting.count == 1)
        session.handle(.input(second, value))
        #expect(session.waiting.isEmpty)
        #expect(try sent(&session).contains { $0.contains("more than 8 MiB of input") })
    }

    @Test("Input comes out as it went in, however it was cut and wherever it lay")
    func waitingInputIsWhole() throws {
        let spooled = Mutex(0)
        let input = WaitingInput {
            { bytes in
                spooled.withLock { $0 += 1 }
                return { bytes }
            }
        }
        var random = SplitMix64(seed: TestSeed.value)
        var written: [UInt8] = []
        var read: [UInt8] = []
        func take(_ most: Int) throws {
            try input.next { bytes in
                let count = min(bytes.count, Int.random(in: 0...most, using: &random))
                read += bytes.prefix(count)
                return count
            }
        }
        for _ in 0..<400 {
            let line = [UInt8](
                repeating: UInt8.random(in: 0...255, using: &random),
                count: Int.random(in: 0..<30_000, using: &random)
            )
            input.append(line)
            written += line
            if Bool.random(using: &random) { try take(20_000) }
        }
        while !input.isEmpty { try take(100_000) }
        #expect(read == written)
        #expect(spooled.withLock { $0 } > 10)
        input.append([1])
        try input.next { _ in nil }
        input.append([2])
        #expect(input.isEmpty)
    }

    @Test("A text of 100,000 lines for Out-Default is not so many messages")
    func rendering() throws {
        var session = try EndpointSessionTests.opened()
        try session.receive(EndpointSessionTests.creation(of: .rendering, first))
        session.handle(.input(first, .string(String(repeating: "\n", count: 100_000))))
        // Each line's end takes seven bytes, and base64 a third more.
        #expect(session.bytesToSend().count < 1_200_000)
        session.handle(.input(first, .string("a\nb")))
        #expect(try sent(&session).count == 2)
    }
}
