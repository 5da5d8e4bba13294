/// Far-side text as it may reach the operator's terminal: text and SGR colours, nothing that moves, asks or sets.
///
/// Each call stands alone: a sequence cut in two is escaped in both parts, never put together by the terminal.
package enum TerminalText {
    /// Keeps text, line ends, tabs and, where asked, SGR sequences but for what conceals text; shows every other control
    /// character escaped (`^[`, `^G`, `<9B>`), and so what breaks lines or has a say in their direction (`<202E>`; UAX #9,
    /// section 2). The bytes themselves stay in the recording.
    package static func presentable(_ text: String, colored: Bool) -> String {
        var text = text
        let presentable: String? = text.withUTF8 { bytes in
            guard firstSuspect(in: bytes, from: 0) != nil else { return nil }
            var output: [UInt8] = []
            append(presentable: bytes, colored: colored, to: &output)
            return String(decoding: output, as: UTF8.self)
        }
        return presentable ?? text
    }

    /// The same of valid UTF-8, appended to `output`.
    package static func append(presentable text: UnsafeBufferPointer<UInt8>, colored: Bool, to output: inout [UInt8]) {
        var kept = 0
        var cursor = 0
        // Line ends and colours stand close together: byte by byte is faster here.
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
        guard text.holdsEscape else { return text }
        var text = text
        var output: [UInt8] = []
        text.withUTF8 { text in
            var kept = 0
            var cursor = 0
            while let escape = text.firstOffset(of: ControlSequence.escape, from: cursor) {
                cursor = escape + 1
                guard let parameters = ControlSequence.styleParameters(in: text, at: escape) else { continue }
                output += text[kept..<escape]
                cursor = parameters.upperBound + 1
                kept = cursor
            }
            output += text[kept...]
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Control characters, DEL, and the lead bytes of U+0080 to U+00BF, of U+0600 to U+063F, of U+2000 to U+2FFF and of
    /// U+C0000 to U+FFFFF.
    private static func isSuspect(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != 0x0A && byte != 0x09 || byte == 0x7F || byte == 0xC2 || byte == 0xD8 || byte == 0xE2
            || byte == 0xF3
    }

    private static func firstSuspect(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        text.firstOffset(
            from: start,
            among: {
                $0.bytesBelowBlank | $0.bytes(equalTo: 0x7F) | $0.bytes(equalTo: 0xC2) | $0.bytes(equalTo: 0xD8)
                    | $0.bytes(equalTo: 0xE2) | $0.bytes(equalTo: 0xF3)
            },
            isSuspect
        )
    }

    /// What is shown instead of the suspect character at `start`, and its length; nil where it is shown as it is.
    private static func replacement(
        in text: UnsafeBufferPointer<UInt8>,
        at start: Int,
        colored: Bool
    ) -> (length: Int, shown: String)? {
        switch text[start] {
        case ControlSequence.escape:
            guard let parameters = ControlSequence.styleParameters(in: text, at: start) else { return (1, "^[") }
            let length = parameters.upperBound + 1 - start
            guard colored else { return (length, "") }
            return ConcealedText.visible(UnsafeBufferPointer(rebasing: text[parameters])).map { (length, $0) }
        case 0x0D where start + 1 < text.count && text[start + 1] == 0x0A:
            return (1, "")
        case 0x7F: return (1, "^?")
        case 0xC2:
            guard start + 1 < text.count, text[start + 1] < 0xA0 else { return nil }
            return (2, "<" + String(text[start + 1], radix: 16, uppercase: true) + ">")
        case 0xD8:
            guard start + 1 < text.count, text[start + 1] == 0x9C else { return nil }
            return (2, "<61C>")
        case 0xE2:
            guard start + 2 < text.count else { return nil }
            let value = 0x2000 | Int(text[start + 1] & 0x3F) << 6 | Int(text[start + 2] & 0x3F)
            // Marks, embeddings, isolates, and the deprecated U+206A to U+206F.
            guard
                value == 0x200E || value == 0x200F || (0x2028...0x202E).contains(value)
                    || (0x2066...0x206F).contains(value)
            else { return nil }
            return (3, "<" + String(value, radix: 16, uppercase: true) + ">")
        case 0xF3:
            // Tags, U+E0000 to U+E007F: letters that no terminal shows, in which a whole text can be hidden.
            guard start + 3 < text.count, text[start + 1] == 0xA0, text[start + 2] <= 0x81 else { return nil }
            let value = 0xE0000 | Int(text[start + 2] & 0x3F) << 6 | Int(text[start + 3] & 0x3F)
            return (4, "<" + String(value, radix: 16, uppercase: true) + ">")
        case let control: return (1, "^" + String(Unicode.Scalar(control + 0x40)))
        }
    }
}
