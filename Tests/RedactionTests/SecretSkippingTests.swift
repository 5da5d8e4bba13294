import Foundation
import PSRunTestSupport
import Testing

@testable import Redaction

@Suite("What is not read of a text changes nothing that is found")
struct SecretSkippingTests {
    /// What a scanner says behind a piece.
    private struct Standing: Equatable {
        let held: Int
        let isAtRest: Bool
        let found: Set<FoundSecret>
    }

    private static let alphabets = ["abcdefXYZ0123456789", "ab", "aab12 ", " x'\"_&\\", "aÉß€Ж漢🔑x", "!#$%&'()*+-;`| "]
    private static let scraps = [
        " ", "\n", "\r\n", "\r\n    ", "\n ", ", ", "\0", "\u{1B}[31m", "\u{1B}", "\"", "'", "_x", "_x000D__x000A_",
        "&lt;", "&am",
        "\\", "\\u00", "`", "%4", "%+", "+", "\u{200B}", "\u{301}", "–", "\u{A0}", "é", "\u{FEFF}", "\u{7F}", "_&",
        "a'b", "a\"b",
        "e_f", "C:\\Users\\op\\", "\\\\", "%41%7e", "\u{1B}[32;1mName\u{1B}[0m ", "&amp;&#33;", "`n`t", "it's ''so'' ",
        "where nothing is hidden, be it long or short: ", "the quick brown fox, 12:30 0x4f ", "yyyyyyyyyyyyyyyy",
    ]

    private static func text(_ alphabet: String, _ count: Int, _ generator: inout SplitMix64) -> String {
        String((0..<count).compactMap { _ in alphabet.randomElement(using: &generator) })
    }

    /// Part of a text: a secret in one of its forms, whole or cut short, or what looks like one.
    private static func part(_ secrets: [String], _ generator: inout SplitMix64) -> String {
        let numbers = (0..<Int.random(in: 1..<12, using: &generator)).map { _ in
            Int.random(in: 0..<300, using: &generator)
        }
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: return text(alphabets.randomElement(using: &generator) ?? "", 12, &generator)
        case 1: return numbers.map(String.init).joined(separator: [" ", ", ", "\r\n", ";", " , "][numbers[0] % 5])
        case 2: return Data(numbers.map { $0 < 128 ? UInt8($0) : 0 }).base64EncodedString()
        case 3:
            return numbers.map { String($0 & 0xFF, radix: 16) }.joined(separator: ["", " ", ":", "-"][numbers[0] % 4])
        case 4: return scraps.randomElement(using: &generator) ?? ""
        default:
            let secret = secrets.randomElement(using: &generator) ?? ""
            let forms = SecretForms.all(of: secret, &generator).sorted { $0.key < $1.key }
            let form = Array((forms.randomElement(using: &generator)?.value ?? "").unicodeScalars)
            let isCut = Bool.random(using: &generator)
            let count = isCut ? Int.random(in: 0...form.count, using: &generator) : form.count
            return String(String.UnicodeScalarView(form.prefix(count)))
        }
    }

    private static func read(_ pieces: [[UInt8]], byByte: Bool, _ trie: SecretTrie) -> [Standing] {
        var trie = trie
        var scanner = SecretScanner()
        var found: [FoundSecret] = []
        return pieces.indices.map { index in
            // A single byte is never passed by.
            for part in byByte ? pieces[index].map({ [$0] }) : [pieces[index]] {
                scanner.read(part, in: &trie, into: &found)
            }
            if index == pieces.count - 1 { scanner.end(in: &trie, into: &found) }
            return Standing(held: scanner.heldFrom, isAtRest: scanner.isAtRest, found: Set(found))
        }
    }

    @Test("A text cut anywhere is read as byte by byte", arguments: 0..<600)
    func likeByteByByte(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var redactor = Redactor { "[redacted:\($0.count)]" }
        let secrets = (0..<[1, 2, 20][Int(seed % 3)]).map { _ in
            Self.text(
                Self.alphabets.randomElement(using: &generator) ?? "",
                Int.random(in: 4..<14, using: &generator),
                &generator
            )
        }
        for secret in secrets { redactor.hold(secret) }
        var text: [UInt8] = []
        for _ in 0..<Int.random(in: 1..<40, using: &generator) { text += Self.part(secrets, &generator).utf8 }
        var pieces: [[UInt8]] = []
        let longest = [9, 40, 300, 100_000].randomElement(using: &generator) ?? 9
        while !text.isEmpty {
            let count = min(text.count, Int.random(in: 1..<longest, using: &generator))
            pieces.append(Array(text.prefix(count)))
            text.removeFirst(count)
        }
        let asCut = Self.read(pieces, byByte: false, redactor.held.trie)
        #expect(asCut == Self.read(pieces, byByte: true, redactor.held.trie))
    }

    @Test(
        "A secret is found whose beginning is escaped, and what looks like an escape in it stands for itself",
        arguments: [
            ("'&abcd", "&#39;&abcd"), (#"q\xzw9"#, #"\q\xzw9"#), ("A%zzk!", "%41%zzk!"), ("é_xyzw", "_x00E9__xyzw"),
            ("'b'0a", "''b'0a"),
        ]
    )
    func literalBehindAnEscape(secret: String, written: String) {
        for behind in ["", " ", " and what comes behind it, with nothing in it that matters to anyone\r\n"] {
            var redactor = Redactor { _ in "[redacted]" }
            redactor.hold(secret)
            let before = "what comes before it, with nothing in it either, is: "
            #expect(redactor.redacted("\(before)\(written)\(behind)").hasPrefix("\(before)[redacted]"), "\(behind)")
        }
    }
}
