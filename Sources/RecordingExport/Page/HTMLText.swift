import ConsoleText

/// Text as HTML can hold it, whatever a far side put into it.
enum HTMLText {
    /// Markup escaped, and what a terminal would take for a command shown as text; fit for an attribute in quotes too.
    static func escaped(_ text: String) -> String {
        escapedMarkup(TerminalText.presentable(text, colored: false)[...])
    }

    /// Appends text with its SGR sequences as spans.
    /// - Parameter style: how the text before left it; updated.
    static func appendStyled(_ text: String, style: inout SGRStyle, to bytes: inout [UInt8]) {
        // Byte by byte: a combining mark behind a sequence would make one character of its end and the mark.
        var rest = TerminalText.presentable(text, colored: true).utf8[...]
        while !rest.isEmpty {
            let run = rest.prefix { $0 != 0x1B }
            if !run.isEmpty {
                let classes = style.classes
                if !classes.isEmpty { bytes += "<span class=\"\(classes)\">".utf8 }
                bytes += escapedMarkup(Substring(run)).utf8
                if !classes.isEmpty { bytes += "</span>".utf8 }
            }
            rest = rest[run.endIndex...].dropFirst()
            // Nothing but whole SGR sequences is left of what began with an escape.
            guard rest.first == 0x5B, let end = rest.firstIndex(of: 0x6D) else { continue }
            style.apply(Substring(rest[..<end].dropFirst()))
            rest = rest[rest.index(after: end)...]
        }
    }

    private static func escapedMarkup(_ text: Substring) -> String {
        guard text.utf8.contains(where: { $0 == 0x26 || $0 == 0x3C || $0 == 0x3E || $0 == 0x22 || $0 == 0x27 }) else {
            return String(text)
        }
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count + 16)
        for byte in text.utf8 {
            switch byte {
            case 0x26: output += "&amp;".utf8
            case 0x3C: output += "&lt;".utf8
            case 0x3E: output += "&gt;".utf8
            case 0x22: output += "&quot;".utf8
            case 0x27: output += "&#39;".utf8
            default: output.append(byte)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
