import RecordingFormat
import Testing

@testable import PSRunCommands

@Suite("Secrets are masked")
struct SecretMaskTests {
    private func mask(_ secrets: String...) -> SecretMask {
        let mask = SecretMask()
        for secret in secrets { mask.add(secret) }
        return mask
    }

    @Test("Byte by byte, the longest first")
    func bytes() {
        let mask = mask("abc", "abcdef", "")
        #expect(mask.masked("xabcx abcdef abc\u{301}") == "x[secret]x [secret] [secret]\u{301}")
    }

    @Test("In JSON, before anything is escaped")
    func json() {
        let value: JSONValue = ["k\"1": ["say k\"1", 1]]
        #expect(mask("k\"1").masked(value) == ["[secret]": ["say [secret]", 1]])
    }

    @Test("In pieces, cut anywhere; what turns out to be none comes through")
    func pieces() {
        let mask = mask("aab", "é\n")
        let text = "aaab é\naa é aab"
        for cut in 0...text.utf8.count {
            let pieces = [text.utf8.prefix(cut), text.utf8.dropFirst(cut)].compactMap { String($0) }
            guard pieces.count == 2 else { continue }
            var held: [UInt8] = []
            let shown = pieces.map { mask.masked($0, after: &held) }.joined() + String(decoding: held, as: UTF8.self)
            #expect(shown == "a[secret] [secret]aa é [secret]")
        }
    }
}
