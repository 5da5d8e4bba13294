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
            var queue = RedactionQueue<Int>()
            var written = ""
            let scalars = Array("before \(form)| after".unicodeScalars)
            var index = 0
            while index < scalars.count {
                let count = Int.random(in: 1..<9, using: &generator)
                let piece = String(String.UnicodeScalarView(scalars[index..<min(scalars.count, index + count)]))
                queue.append(index, [.init(piece, channel: 0, isStream: true)], by: &redactor)
                index += count
                while let (_, texts) = queue.next(by: redactor) { written += texts[0] }
            }
            queue.settle(by: &redactor)
            while let (_, texts) = queue.next(by: redactor) { written += texts[0] }
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
        var queue = RedactionQueue<Int>()
        for number in 0..<2000 {
            queue.append(number, [.init("hunt", channel: number, isStream: false)], by: &redactor)
            #expect(queue.next(by: redactor) == nil)
            queue.settle(by: &redactor)
            #expect(queue.next(by: redactor)?.texts == ["hunt"])
        }
        #expect(queue.channelCount <= 257)
    }
}
