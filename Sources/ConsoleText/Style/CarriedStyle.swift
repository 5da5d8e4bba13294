/// The style of text that comes in pieces to a terminal which shows other text as well: no piece leaves the terminal in a
/// style, concealed perhaps, and the next piece goes on in its own.
package struct CarriedStyle: Sendable {
    private var style = TextStyle.plain

    package init() {}

    /// - Parameter piece: presentable text (see `TerminalText`), cut anywhere but within a sequence.
    /// - Returns: what a terminal in no style is sent for it, which leaves it in none.
    package mutating func enclosed(_ piece: String) -> String {
        let isStyled = piece.holdsEscape
        guard isStyled || style != .plain, !piece.isEmpty else { return piece }
        let lead = style == .plain ? "" : String(decoding: style.sequence, as: UTF8.self)
        if isStyled { apply(piece) }
        return lead + piece + (piece.hasSuffix(Self.reset) ? "" : Self.reset)
    }

    private static let reset = "\u{1B}[0m"

    private mutating func apply(_ piece: String) {
        var piece = piece
        piece.withUTF8 { text in
            var marks = TextMarks(text, text.indices)
            while let mark = marks.next() {
                if case .style(let parameters) = mark { style.apply(UnsafeBufferPointer(rebasing: text[parameters])) }
            }
        }
    }
}
