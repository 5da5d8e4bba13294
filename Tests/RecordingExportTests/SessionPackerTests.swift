import RecordingExport
import RecordingFormat
import Testing

@Suite struct SessionPackerTests {
    /// Packs sessions with one step each, whose output is given; gzip is left out.
    private static func pack(_ outputs: [String], room: Int = .max, mostOutput: Int = .max) throws -> SessionPacker {
        var packer = SessionPacker(room: room, mostOutput: mostOutput) { $0 }
        for (index, output) in outputs.enumerated() {
            let session = ExportedSession(number: index + 1, target: "web0\(index + 1)")
            packer.begin(SessionSummary(session: session))
            let cast = SampleSession.cast([
                (0.1, .marker, "line 1"), (0.1, .input, "x"), (0.2, .output, output),
                (0.3, .step, SampleSession.result(1, "x", "ok")), (0.4, .hash, "ab\(index)"),
            ])
            for (number, line) in lines(of: Array(cast.utf8)).enumerated() {
                try packer.encode(line, number: number + 1)
            }
            try packer.endSession()
        }
        try packer.finish()
        return packer
    }

    /// Base64 back to text, by its own alphabet.
    private static func text(_ pack: [UInt8]) throws -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var bits = 0
        var held = 0
        var bytes: [UInt8] = []
        for digit in pack where digit != 0x3D {
            held = held << 6 | (try #require(alphabet.firstIndex(of: digit)))
            bits += 6
            guard bits >= 8 else { continue }
            bits -= 8
            bytes.append(UInt8(held >> bits & 0xFF))
            held &= (1 << bits) - 1
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("A packed session is its steps as data: names of psrun's own, and what anybody said as strings")
    func data() throws {
        let packer = try Self.pack(["\u{1b}[31m</script>\"\u{1b}[0m\u{2028}"])
        #expect(packer.packed.packs.count == 1 && !packer.isFull)
        let json = try JSONValue(parsing: Array(try Self.text(packer.packed.packs[0]).utf8))
        let step = try #require(json.array?.first?.array?.first?.array)
        #expect(step.first == "li")
        #expect(
            step[1].array?.compactMap(\.string) == [
                "class", "step ok", "id", "s1-1", "data-t", "100000", "data-e", "300000", "data-l", "1",
            ]
        )
        let piece = try #require(step.last?.array?.last?.array)
        #expect(piece[1] == ["class", "o", "data-t", "200000"])
        #expect(piece[2] == ["span", ["class", "f1"], "</script>\""])
        #expect(piece[3] == "<2028>")
    }

    @Test("An output that is too large is left out with a word, and counted; the others stay")
    func largeOutputs() throws {
        let large = String(repeating: "x", count: 2_000)
        let packer = try Self.pack([large, "small"], mostOutput: 1_999)
        #expect(packer.packed.outputsLeftOut == 1 && packer.packed.bytesLeftOut == 2_000)
        let text = try Self.text(packer.packed.packs[0])
        #expect(text.contains("Its output of 2 kB is left out: the page would be too large."))
        #expect(!text.contains("xxx") && text.contains("small"))
        #expect(try Self.pack([large], mostOutput: 2_000).packed.outputsLeftOut == 0)
    }

    @Test("What has no room is measured, and the measure says how large an output may be")
    func room() throws {
        let outputs = (0..<40).map { String(repeating: "x", count: $0 % 4 == 0 ? 40_000 : 100) }
        let all = try Self.pack(outputs)
        #expect(!all.isFull)
        let room = all.packed.byteCount / 4
        let full = try Self.pack(outputs, room: room)
        #expect(full.isFull && full.packed.byteCount <= room)
        let most = full.sizes.mostOutput(for: room)
        #expect((100..<40_000).contains(most), "\(most)")
        let less = try Self.pack(outputs, room: room, mostOutput: most)
        #expect(!less.isFull && less.packed.outputsLeftOut == 10)
    }
}
