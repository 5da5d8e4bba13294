/// A sequence of bytes that tells a terminal something instead of being shown: what begins with ESC (ECMA-48, fifth
/// edition). Everything here that looks for one goes by `ControlSequenceScanner`.
///
/// The 8-bit forms of C1 (U+0080 to U+009F) introduce nothing here: terminals that read UTF-8 differ on them. They are
/// control characters of their own, which `TerminalText` shows as `<9B>`.
package struct ControlSequence: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// ESC, intermediates and a final byte, as `ESC 7` and `ESC ( B` (ECMA-35, 13.2; ECMA-48, 5.3 and 5.5).
        case escape
        /// CSI, parameters, intermediates and a final byte, as `ESC [ 31 m` (ECMA-48, 5.4).
        case control
        /// A string for the terminal: DCS, SOS, OSC, PM or APC up to ST (ECMA-48, 5.6), or up to BEL, as xterm takes it.
        case string
    }

    /// The byte that begins every sequence.
    @inlinable package static var escape: UInt8 { 0x1B }

    /// No sequence is longer, in bytes; a longer one is text. A far side chooses lengths, and redaction holds text back for
    /// as long as a sequence is undecided. SGR with each of its attributes and three direct colours takes 90.
    package static let longest = 512

    package var kind: Kind
    /// From ESC to behind the last byte.
    package var range: Range<Int>

    /// Whether ESC and this byte introduce a string: DCS, SOS, OSC, PM, APC.
    package static func introducesString(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x50, 0x58, 0x5D, 0x5E, 0x5F: true
        default: false
        }
    }

    /// Parameters and intermediates of a control sequence, and its final byte (ECMA-48, 5.4).
    static var controlParts: ClosedRange<UInt8> { 0x20...0x3F }
    static var controlEnds: ClosedRange<UInt8> { 0x40...0x7E }

    /// The sequence whose ESC stands at `start`.
    /// - Returns: nil where no ESC stands there, and where what it begins is cut off, damaged or longer than `longest`.
    package init?(in text: UnsafeBufferPointer<UInt8>, at start: Int) {
        let end = min(text.count, start + Self.longest)
        var cursor = start
        // Colours are most of what there is, and have a loop of their own by the same ranges.
        if start + 1 < end, text[start] == Self.escape, text[start + 1] == 0x5B {
            cursor += 2
            while cursor < end, Self.controlParts.contains(text[cursor]) { cursor += 1 }
            guard cursor < end, Self.controlEnds.contains(text[cursor]) else { return nil }
            kind = .control
            range = start..<cursor + 1
            return
        }
        var scanner = ControlSequenceScanner()
        while cursor < end {
            switch scanner.take(text[cursor]) {
            case .more: cursor += 1
            case .none: return nil
            case .whole(let kind):
                self.kind = kind
                range = start..<cursor + 1
                return
            }
        }
        return nil
    }

    /// The parameters of the SGR sequence (ECMA-48, 8.3.117) whose ESC stands at `start`: digits, `;` and `:` between
    /// `ESC [` and `m`, so that the sequence ends one byte behind them.
    /// - Returns: nil where there is another sequence, or none.
    package static func styleParameters(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Range<Int>? {
        guard start + 1 < text.count, text[start + 1] == 0x5B,
            let sequence = ControlSequence(in: text, at: start), text[sequence.range.upperBound - 1] == 0x6D
        else { return nil }
        let parameters = start + 2..<sequence.range.upperBound - 1
        // `<`, `=`, `>` and `?` mark private sequences, and what stands before the final byte another function.
        return text[parameters].allSatisfy { (0x30...0x3B).contains($0) } ? parameters : nil
    }
}

extension String {
    /// Whether there is an ESC in it.
    package var holdsEscape: Bool {
        var text = self
        return text.withUTF8 { $0.firstOffset(of: ControlSequence.escape, from: 0) != nil }
    }
}
