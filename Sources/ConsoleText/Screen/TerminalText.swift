/// Far-side text as it may reach the operator's terminal: text and SGR colours, nothing that moves, asks or sets.
///
/// Each call stands alone: a sequence cut in two is escaped in both parts, never put together by the terminal.
package enum TerminalText {
    /// Keeps text, line ends, tabs and, where asked, SGR sequences; shows every other control character escaped (`^[`,
    /// `^G`, `<9B>`), and so what breaks lines or turns their direction around (`<202E>`; UAX #9, section 2). The bytes
    /// themselves stay in the recording.
    package static func presentable(_ text: String, colored: Bool) -> String {
        guard text.utf8.contains(where: isSuspect) else { return text }
        var text = text
        var output: [UInt8] = []
        text.withUTF8 { append(presentable: $0, colored: colored, to: &output) }
        return String(decoding: output, as: UTF8.self)
    }

    /// The same of valid UTF-8, appended to `output`.
    package static func append(presentable text: UnsafeBufferPointer<UInt8>, colored: Bool, to output: inout [UInt8]) {
        var kept = 0
        var cursor = 0
        while cursor < text.count {
            guard isSuspect(text[cursor]), let (length, shown) = replacement(in: text, at: cursor, colored: colored)
            else {
                cursor += 1
                continue
            }
            output += text[kept..<cursor]
            output += shown.utf8
            cursor += length
            kept = cursor
        }
        output += text[kept...]
    }

    /// `text` without SGR sequences, everything else as it is.
    package static func withoutColors(_ text: String) -> String {
        guard text.utf8.contains(0x1B) else { return text }
        var text = text
        var output: [UInt8] = []
        text.withUTF8 { text in
            var cursor = 0
            while cursor < text.count {
                if let length = lengthOfSGR(in: text, at: cursor) {
                    cursor += length
                } else {
                    output.append(text[cursor])
                    cursor += 1
                }
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Control characters, DEL, and the lead bytes of U+0080 to U+00BF and of U+2000 to U+2FFF.
    private static func isSuspect(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != 0x0A && byte != 0x09 || byte == 0x7F || byte == 0xC2 || byte == 0xE2
    }

    /// The length of the SGR sequence that begins at `start`: ESC [ digits ; : m (ECMA-48, 8.3.117); nil where none does.
    private static func lengthOfSGR(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
        guard text[start] == 0x1B, start + 1 < text.count, text[start + 1] == 0x5B else { return nil }
        var cursor = start + 2
        while cursor < text.count, (0x30...0x3B).contains(text[cursor]) { cursor += 1 }
        guard cursor < text.count, text[cursor] == 0x6D else { return nil }
        return cursor + 1 - start
    }

    /// What is shown instead of the suspect character at `start`, and its length; nil where it is shown as it is.
    private static func replacement(
        in text: UnsafeBufferPointer<UInt8>,
        at start: Int,
        colored: Bool
    ) -> (length: Int, shown: String)? {
        switch text[start] {
        case 0x1B:
            guard let length = lengthOfSGR(in: text, at: start) else { return (1, "^[") }
            return colored ? nil : (length, "")
        case 0x0D where start + 1 < text.count && text[start + 1] == 0x0A:
            return (1, "")
        case 0x7F: return (1, "^?")
        case 0xC2:
            guard start + 1 < text.count, text[start + 1] < 0xA0 else { return nil }
            return (2, "<" + String(text[start + 1], radix: 16, uppercase: true) + ">")
        case 0xE2:
            guard start + 2 < text.count else { return nil }
            let value = 0x2000 | Int(text[start + 1] & 0x3F) << 6 | Int(text[start + 2] & 0x3F)
            guard (0x2028...0x202E).contains(value) || (0x2066...0x2069).contains(value) else { return nil }
            return (3, "<" + String(value, radix: 16, uppercase: true) + ">")
        case let control: return (1, "^" + String(Unicode.Scalar(control + 0x40)))
        }
    }
}
