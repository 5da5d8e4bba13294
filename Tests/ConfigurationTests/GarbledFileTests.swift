import Configuration
import PSRunTestSupport
import Testing

/// Files that a disk, an editor or a stranger spoilt.
struct GarbledFileTests {
    private static let whole = """
        fanout: 16
        option: {ServerAliveInterval: 30, Compression: yes}
        redact: ['token=\\K\\w+', "p\\x41"]
        trusted-projects: [~/fleet]
        hosts:
          'web[01-64],!web13': &web
            user: deploy
            password-command: "pass show web"
          '@db*': {port: 2222, key-file: ~/.ssh/db}
          '*.lab': {<<: *web, user: lab}

        """

    @Test("A garbled file is read, or refused with a place in it; nothing ends the program")
    func garbled() throws {
        _ = try layer(Self.whole)
        var random = SplitMix64(seed: 7)
        let pieces = [
            "\u{0}", "\t", ": ", "- ", "[", "]", "{", "}", "*", "&a ", "!x ", "'", "\"", "\n", "<<: ", "~", "|", "#",
            "@",
        ]
        .map { Array($0.utf8) }
        var (read, refused) = (0, 0)
        for _ in 0..<3_000 {
            var bytes = Array(Self.whole.utf8)
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: 0..<max(bytes.count, 1), using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: bytes.insert(contentsOf: pieces[Int.random(in: 0..<pieces.count, using: &random)], at: place)
                case 1: bytes.removeSubrange(place..<min(place + Int.random(in: 1...20, using: &random), bytes.count))
                case 2: if place < bytes.count { bytes[place] = UInt8.random(in: 0...255, using: &random) }
                case 3: bytes = Array(bytes.prefix(place))
                default:
                    let end = min(place + 30, bytes.count)
                    bytes.insert(contentsOf: bytes[place..<end], at: place)
                }
                if bytes.isEmpty { bytes = [0x20] }
            }
            do throws(ConfigurationError) {
                _ = try layer(bytes: bytes)
                read += 1
            } catch {
                refused += 1
                guard case .file(let place) = error.origin else {
                    Issue.record("\(error)")
                    continue
                }
                #expect(place.line >= 1 && place.column >= 1 && !error.text.isEmpty, "\(error)")
            }
        }
        #expect(read > 100 && refused > 1_000, "\(read) read, \(refused) refused")
    }

    @Test("Aliases of aliases, deep nests and many values cost a message")
    func bombs() {
        let nest = String(repeating: "[", count: 5_000)
        #expect(message("option: \(nest)\n").contains("nested more than"))
        var bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
        for level in 1...9 {
            let part = "*a\(level - 1)"
            bomb += "a\(level): &a\(level) [\(Array(repeating: part, count: 10).joined(separator: ","))]\n"
        }
        #expect(message(bomb).contains("values"))
        let many = "hosts:\n" + (0..<10_001).map { "  h\($0): {port: 1}\n" }.joined()
        #expect(message(many).contains("more than 10000 values"))
    }
}
