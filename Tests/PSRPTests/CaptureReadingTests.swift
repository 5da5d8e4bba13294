import CLIXML
import PSRP
import PSRunTestSupport
import Testing

/// The layers below a session, on every captured stream of both directions: framing, fragments, messages, bodies.
@Suite struct CaptureReadingTests {
    @Test("All 114 captures are there")
    func thereAreAllCaptures() {
        #expect(Capture.said.count == 114)
    }

    @Test("A capture reads as a reader that is not psrun reads it, however it is cut", arguments: Capture.names)
    func readsAsWithoutPsrun(_ name: String) throws {
        let capture = try Capture(name)
        let said = try #require(Capture.said.first { $0.name == name }).lines
        for (direction, side) in [(Capture.Direction.toClient, OutOfProcessDecoder.Side.client), (.toServer, .server)] {
            let expected = said.filter { $0.hasPrefix(direction.rawValue) }
            let bytes = capture.bytes(direction).flatMap(\.self)
            #expect(read(bytes, side, direction, cuts: 1...1 << 20) == expected)
            #expect(read(bytes, side, direction, cuts: 1...300) == expected)
        }
    }

    @Test("A capture reads the same one byte at a time")
    func readsOneByteAtATime() throws {
        let capture = try Capture("server/errors")
        let said = try #require(Capture.said.first { $0.name == "server/errors" }).lines
        let bytes = capture.bytes(.toClient).flatMap(\.self)
        #expect(read(bytes, .client, .toClient, cuts: 1...1) == said.filter { $0.hasPrefix("s2c") })
    }

    /// Reads a stream that is cut at random, and says what make_said.py says.
    private func read(
        _ bytes: [UInt8],
        _ side: OutOfProcessDecoder.Side,
        _ direction: Capture.Direction,
        cuts: ClosedRange<Int>
    ) -> [String] {
        var random = SplitMix64(seed: UInt64(bytes.count))
        var decoder = OutOfProcessDecoder(side: side, limits: SessionLimits())
        var streams: [String: FragmentReassembler] = [:]
        var said: [String] = []
        var rest = bytes[...]
        do {
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: cuts, using: &random))
                rest = rest.dropFirst(piece.count)
                decoder.receive(Array(piece))
                while case .element(let element)? = try decoder.next() {
                    let start = "\(direction.rawValue) \(element.target.description.prefix(8))"
                    guard case .data(let stream, let slice) = element.kind else {
                        said.append("\(start) \(element.kind.name)")
                        continue
                    }
                    let key = "\(element.target) \(stream)"
                    var reassembler = streams[key] ?? FragmentReassembler(limits: SessionLimits())
                    for message in try reassembler.receive(slice) { said.append("\(start) \(try gist(message))") }
                    streams[key] = reassembler
                }
            }
        } catch {
            said.append("\(direction.rawValue) fault")
        }
        return said
    }

    private func gist(_ bytes: [UInt8]) throws -> String {
        let message = try Message(decoding: bytes)
        #expect(message.encoded == bytes)
        let value = try message.value(limits: .standard)
        let number: Int32? =
            switch message.type {
            case .pipelineHostCall, .runspacePoolHostCall: value["mi"]?.int32Value
            case .pipelineState: value["PipelineState"]?.int32Value
            case .runspacePoolState: value["RunspaceState"]?.int32Value
            default: nil
            }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let length = message.body.starts(with: mark) ? message.body.count - 3 : message.body.count
        let type = String(message.type.rawValue, radix: 16)
        let padded = String(repeating: "0", count: 8 - type.count) + type
        return "\(padded) \(length) \(number.map(String.init) ?? "-")"
    }
}
