/// Line ends and SGR sequences of presentable text (see `TerminalText`); the characters between them are passed over, fast.
package struct TextMarks {
    package enum Mark: Hashable {
        /// The place of a line feed.
        case lineEnd(Int)
        /// An SGR sequence; its parameters' place in the text.
        case style(parameters: Range<Int>)
    }

    private let text: UnsafeBufferPointer<UInt8>
    private var cursor: Int

    /// - Parameter range: of `text`; it begins and ends between characters and sequences.
    package init(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
        self.text = UnsafeBufferPointer(rebasing: text[..<range.upperBound])
        cursor = range.lowerBound
    }

    /// The next one; nil where there are no more.
    package mutating func next() -> Mark? {
        while let control = text.firstControl(from: cursor) {
            cursor = control + 1
            switch text[control] {
            case 0x0A: return .lineEnd(control)
            case ControlSequence.escape:
                guard let parameters = ControlSequence.styleParameters(in: text, at: control) else { break }
                cursor = parameters.upperBound + 1
                return .style(parameters: parameters)
            default: break
            }
        }
        return nil
    }
}
