import ConsoleText

/// Text as HTML can hold it, whatever a far side put into it.
enum HTMLText {
    /// Markup escaped, and what a terminal would take for a command shown as text; fit for an attribute in quotes too.
    static func escaped(_ text: String) -> String {
        let text = TerminalText.presentable(text, colored: false)
        guard text.utf8.contains(where: { entity(for: $0) != nil }) else { return text }
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count + 16)
        append(markup: text.utf8, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    /// Appends text with its SGR sequences as spans.
    /// - Parameter style: how the text before left it; updated.
    static func appendStyled(_ text: String, style: inout TextStyle, to bytes: inout [UInt8]) {
        var text = TerminalText.presentable(text, colored: true)
        text.withUTF8 { text in
            var start = 0
            while start < text.count {
                let end = text.firstOffset(of: ControlSequence.escape, from: start) ?? text.count
                if end > start {
                    let classes = style.classes
                    if !classes.isEmpty { bytes += "<span class=\"\(classes)\">".utf8 }
                    append(markup: UnsafeBufferPointer(rebasing: text[start..<end]), to: &bytes)
                    if !classes.isEmpty { bytes += "</span>".utf8 }
                }
                // Nothing but whole SGR sequences is left of what began with an escape.
                guard let parameters = ControlSequence.styleParameters(in: text, at: end) else {
                    start = end + 1
                    continue
                }
                style.apply(UnsafeBufferPointer(rebasing: text[parameters]))
                start = parameters.upperBound + 1
            }
        }
    }

    private static func append(markup text: some Sequence<UInt8>, to bytes: inout [UInt8]) {
        for byte in text {
            if let entity = entity(for: byte) { bytes += entity.utf8 } else { bytes.append(byte) }
        }
    }

    private static func entity(for byte: UInt8) -> String? {
        switch byte {
        case 0x26: "&amp;"
        case 0x3C: "&lt;"
        case 0x3E: "&gt;"
        case 0x22: "&quot;"
        case 0x27: "&#39;"
        default: nil
        }
    }
}
