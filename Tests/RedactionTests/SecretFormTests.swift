import PSRunTestSupport
import Testing

@testable import Redaction

@Suite("Secrets are found in every form")
struct SecretFormTests {
    private static let alphabets = [
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
        "abcXYZ019!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ ",
        "aÉéßøñ€Ждह漢字🔑x",
    ]

    private static func secret(_ generator: inout SplitMix64) -> String {
        let alphabet = alphabets.randomElement(using: &generator) ?? ""
        let characters = (0..<Int.random(in: 8..<24, using: &generator)).compactMap { _ in
            alphabet.randomElement(using: &generator)
        }
        // Blanks at the ends are what wrapping takes away.
        return "a" + String(characters) + "z"
    }

    private static func redactor() -> Redactor { Redactor { "[redacted:\($0.count)]" } }

    @Test("In each form, within a longer text", arguments: 0..<100)
    func whole(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let secret = Self.secret(&generator)
        var redactor = Self.redactor()
        redactor.hold(secret)
        for (name, form) in SecretForms.all(of: secret, &generator) {
            for text in [form, "text \(form) more", "<\(form)>"] {
                let redacted = redactor.redacted(text)
                #expect(
                    redacted.contains("[redacted:\(secret.utf8.count)]"),
                    "\(name): '\(secret)' in '\(text)': '\(redacted)'"
                )
                #expect(
                    redacted.utf8.count <= text.utf8.count - form.utf8.count + 60,
                    "\(name): '\(text)': '\(redacted)'"
                )
            }
        }
    }

    @Test("In pieces, cut anywhere", arguments: 100..<150)
    func pieces(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let secret = Self.secret(&generator)
        for (name, form) in SecretForms.all(of: secret, &generator) {
            var redactor = Self.redactor()
            redactor.hold(secret)
            var queue = RedactionQueue()
            var written = ""
            let scalars = Array("before \(form)| after".unicodeScalars)
            var index = 0
            while index < scalars.count {
                let count = Int.random(in: 1..<9, using: &generator)
                let piece = String(String.UnicodeScalarView(scalars[index..<min(scalars.count, index + count)]))
                queue.append([.init(piece, channel: 0, isStream: true)], by: &redactor)
                index += count
                while let texts = queue.next(by: redactor) { written += texts[0] }
            }
            queue.settle(by: &redactor)
            while let texts = queue.next(by: redactor) { written += texts[0] }
            #expect(queue.isEmpty)
            // A digit that holds the first bits of a secret's first byte can have gone before.
            let redacted = redactor.redacted("before \(form)| after")
            #expect(written.contains("[redacted:"), "\(name): '\(secret)': \(written)")
            let extra = written.filter { !$0.isWhitespace }.utf8.count - redacted.filter { !$0.isWhitespace }.utf8.count
            #expect((0...1).contains(extra), "\(name): '\(secret)': '\(written)'")
        }
    }

    @Test("Text without secrets comes through as it is", arguments: 200..<240)
    func others(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var redactor = Self.redactor()
        for _ in 0..<50 { redactor.hold(Self.secret(&generator)) }
        let text = SecretForms.all(of: Self.secret(&generator), &generator).values.joined(separator: "\n")
        #expect(redactor.redacted(text) == text)
    }

    @Test("Places that never come again are not remembered for ever")
    func places() {
        var redactor = Self.redactor()
        redactor.hold("hunter2")
        var queue = RedactionQueue()
        for number in 0..<2000 {
            queue.append([.init("hunt", channel: number, isStream: false)], by: &redactor)
            #expect(queue.next(by: redactor) == nil)
            queue.settle(by: &redactor)
            #expect(queue.next(by: redactor) == ["hunt"])
        }
        #expect(queue.channelCount <= 257)
    }

    @Test("Very long secrets are held and found in a time that grows as they do")
    func longSecrets() {
        var generator = SplitMix64(seed: 5)
        let bytes = (0..<200_000).map { _ in UInt8.random(in: 33...126, using: &generator) }
        let clock = ContinuousClock()
        let times = [25_000, 200_000].map { count in
            let secret = String(decoding: bytes[..<count], as: UTF8.self)
            var redactor = Self.redactor()
            let time = clock.measure { redactor.hold(secret) }
            #expect(!redactor.redacted("begin \(secret.prefix(3_000)) end").contains(secret.prefix(2_000).suffix(900)))
            return time
        }
        // Each piece once made all that was held be gone through: 64 times as long.
        #expect(times[1] / times[0] < 24)
    }

    @Test("What a far side holds as secret is held up to a number of bytes, and that is said")
    func manyBytes() {
        var redactor = Self.redactor()
        redactor.hold(value: Array("the first of them".utf8))
        var generator = SplitMix64(seed: 6)
        for _ in 0..<8 {
            redactor.hold(value: (0..<60_000).map { _ in UInt8.random(in: 33...126, using: &generator) })
        }
        #expect(redactor.held.size <= Redactor.mostValueBytes)
        #expect(redactor.takeNotices() == [.tooManyValues])
        #expect(redactor.redacted("the first of them") == "[redacted:17]")
        redactor.hold("a user's own is held all the same")
        #expect(redactor.redacted("a user's own is held all the same") == "[redacted:33]")
    }
}
