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

    /// Text with its SGR sequences as spans.
    /// - Parameter style: how the text before left it; updated.
    static func styled(_ text: String, style: inout TextStyle) -> [PageNode] {
        var text = TerminalText.presentable(text, colored: true)
        var nodes: [PageNode] = []
        text.withUTF8 { text in
            var start = 0
            while start < text.count {
                let end = text.firstOffset(of: ControlSequence.escape, from: start) ?? text.count
                if end > start {
                    let classes = style.classes
                    let node = PageNode.text(String(decoding: text[start..<end], as: UTF8.self))
                    nodes.append(classes.isEmpty ? node : .element("span", [("class", classes)], [node]))
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
        return nodes
    }

    static func append(markup text: some Sequence<UInt8>, to bytes: inout [UInt8]) {
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
