/// Far-side text as it may reach the operator's terminal: text and SGR colours, nothing that moves, asks or sets.
///
/// Each call stands alone: a sequence cut in two is escaped in both parts, never put together by the terminal.
package enum TerminalText {
    /// Keeps text, line ends, tabs and, where asked, SGR sequences; shows every other control character escaped (`^[`,
    /// `^G`, `<9B>`), and so what breaks lines or turns their direction around (`<202E>`; UAX #9, section 2). The bytes
    /// themselves stay in the recording.
    package static func presentable(_ text: String, colored: Bool) -> String {
        guard text.utf8.contains(where: isSuspect) else { return text }
        var output = ""
        output.reserveCapacity(text.utf8.count)
        var rest = text.unicodeScalars[...]
        while let scalar = rest.first {
            if let end = endOfSGR(rest) {
                if colored { output.unicodeScalars.append(contentsOf: rest[..<end]) }
                rest = rest[end...]
                continue
            }
            rest.removeFirst()
            if scalar == "\r", rest.first == "\n" { continue }
            output += escaped(scalar)
        }
        return output
    }

    /// `text` without SGR sequences, everything else as it is.
    package static func withoutColors(_ text: String) -> String {
        guard text.utf8.contains(0x1B) else { return text }
        var output = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.first {
            if let end = endOfSGR(rest) {
                rest = rest[end...]
            } else {
                output.append(scalar)
                rest.removeFirst()
            }
        }
        return String(output)
    }

    /// Control characters, DEL, and the lead bytes of U+0080 to U+00BF and of U+2000 to U+2FFF.
    private static func isSuspect(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != 0x0A && byte != 0x09 || byte == 0x7F || byte == 0xC2 || byte == 0xE2
    }

    /// Where the SGR sequence ends that `text` begins with: ESC [ digits ; : m (ECMA-48, 8.3.117).
    private static func endOfSGR(_ text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView.Index? {
        guard text.first == "\u{1B}" else { return nil }
        let rest = text.dropFirst()
        guard rest.first == "[" else { return nil }
        let parameters = rest.dropFirst().drop { ("0"..."9").contains($0) || $0 == ";" || $0 == ":" }
        guard parameters.first == "m" else { return nil }
        return parameters.index(after: parameters.startIndex)
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar.value {
        case 0x09, 0x0A: String(scalar)
        case 0..<0x20: "^" + String(Unicode.Scalar(UInt8(scalar.value) + 0x40))
        case 0x7F: "^?"
        case 0x80..<0xA0, 0x2028...0x202E, 0x2066...0x2069: "<" + String(scalar.value, radix: 16, uppercase: true) + ">"
        default: String(scalar)
        }
    }
}
