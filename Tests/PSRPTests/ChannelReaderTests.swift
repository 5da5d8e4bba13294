import Testing

@testable import PSRP

struct ChannelReaderTests {
    private let greeting = ChannelGreeting(random: 0x1234, .max)

    private func pieces(_ bytes: [UInt8], by count: Int) -> [ChannelReader.Piece] {
        var reader = ChannelReader()
        var (pieces, text): ([ChannelReader.Piece], [UInt8]) = ([], [])
        for start in stride(from: 0, to: bytes.count, by: count) {
            for piece in reader.receive(Array(bytes[start..<min(start + count, bytes.count)])) {
                if case .bytes(let more) = piece {
                    text += more
                } else {
                    if !text.isEmpty { pieces.append(.bytes(text)) }
                    text = []
                    pieces.append(piece)
                }
            }
        }
        return text.isEmpty ? pieces : pieces + [.bytes(text)]
    }

    @Test("A greeting is found wherever it comes, cut anywhere")
    func found() {
        let answer = ChannelGreeting(nonce: greeting.nonce, user: "op")
        let bytes = Array("<Da".utf8) + greeting.bytes + Array("ta>\n".utf8) + answer.bytes + answer.bytes
        let expected: [ChannelReader.Piece] = [
            .bytes(Array("<Da".utf8)), .greeting(greeting), .bytes(Array("ta>\n".utf8)), .greeting(answer),
            .greeting(answer),
        ]
        for count in 1...bytes.count { #expect(pieces(bytes, by: count) == expected) }
        #expect(greeting.nonce == "0000000000001234ffffffffffffffff")
    }

    @Test("What only looks like one is handed on as it is")
    func others() {
        let nonce = greeting.nonce
        let lines = [
            "", "psrun-channel 1", "psrun-channel 1 ", "psrun-channel 2 \(nonce)",
            "psrun-channel 1 \(nonce.dropLast())",
            "psrun-channel 1 \(nonce.dropLast())x", "psrun-channel 1 \(nonce) ", "psrun-channel 1 \(nonce) a b",
            String(repeating: "x", count: 600),
        ]
        for line in lines {
            let bytes = [0] + Array("\(line)\n<Close />\n".utf8)
            for count in [1, 7, bytes.count] { #expect(pieces(bytes, by: count) == [.bytes(bytes)], "\(line)") }
        }
    }

    @Test("One that was begun and left is followed by another")
    func begun() {
        let half = Array(greeting.bytes.prefix(20))
        #expect(pieces(half + greeting.bytes, by: 1) == [.bytes(half), .greeting(greeting)])
        var reader = ChannelReader()
        #expect(reader.receive(half) == [])
        reader.reset()
        #expect(reader.receive(greeting.bytes) == [.greeting(greeting)])
    }
}
