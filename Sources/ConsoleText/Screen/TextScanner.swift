/// Takes presentable text apart (see `TerminalText`): characters, tabs, line ends and SGR sequences are all that is in it.
package struct TextScanner {
    package enum Token: Hashable {
        /// One scalar that takes so many cells.
        case character(width: Int)
        case tab
        case lineEnd
        /// An SGR sequence; its parameters' place in the text.
        case style(parameters: Range<Int>)
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private let end: Int
    /// Where the next token begins.
    package private(set) var offset: Int

    /// - Parameter range: of `bytes`; it begins where a token does.
    package init(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
        self.bytes = bytes
        offset = range.lowerBound
        end = range.upperBound
    }

    /// The next token; nil at the end, and where the last token is cut off there.
    package mutating func next() -> Token? {
        guard offset < end else { return nil }
        let byte = bytes[offset]
        switch byte {
        case 0x0A:
            offset += 1
            return .lineEnd
        case 0x09:
            offset += 1
            return .tab
        case ControlSequence.escape: return style()
        case 0x00..<0x80:
            offset += 1
            return .character(width: 1)
        default: return character(lead: byte)
        }
    }

    private mutating func style() -> Token? {
        let text = UnsafeBufferPointer(rebasing: bytes[..<end])
        guard let parameters = ControlSequence.styleParameters(in: text, at: offset) else { return nil }
        offset = parameters.upperBound + 1
        return .style(parameters: parameters)
    }

    private mutating func character(lead: UInt8) -> Token? {
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        guard offset + length <= end else { return nil }
        var value = UInt32(lead) & (0xFF >> UInt32(length + 1))
        for index in 1..<length { value = value << 6 | UInt32(bytes[offset + index] & 0x3F) }
        offset += length
        return .character(width: Unicode.Scalar(value).map(CellWidth.of) ?? 1)
    }
}
