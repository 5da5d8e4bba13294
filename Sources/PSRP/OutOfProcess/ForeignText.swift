/// Text that is not the far side's own, in the lines that a client reads: a program there wrote into the session's stream.
///
/// A server writes its elements one after the other, each a line. So a program's text stands before an element, or between
/// two, or in the middle of one, and then the element's end comes before the next element. An element in the spelling of
/// all known servers has no `<` but that of its tags, and is told from text without guessing.
enum ForeignText {
    /// Parts a line into text and the element behind it.
    /// - Returns: nil where the line does not end with an element.
    static func part(_ line: ArraySlice<UInt8>) -> (text: ArraySlice<UInt8>, element: OutOfProcessElement)? {
        let opening = UInt8(ascii: "<")
        guard var start = line.lastIndex(of: opening) else { return nil }
        if line[start...].starts(with: "</".utf8) {
            guard let tag = line[..<start].lastIndex(of: opening) else { return nil }
            start = tag
        }
        let text = line[..<start]
        guard !text.isEmpty, let element = try? ElementParser.parse(line[start...]) else { return nil }
        return (text, element)
    }

    /// Whether a line holds no piece of an element: of one that text has torn apart, each piece has one of these.
    static func isAll(_ line: ArraySlice<UInt8>) -> Bool {
        var rest = line
        while let place = rest.firstIndex(where: { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "P") }) {
            rest = rest[place...]
            if pieces.contains(where: { rest.starts(with: $0) }) { return false }
            rest = rest.dropFirst()
        }
        return true
    }

    /// A tear before the end of an element's name leaves its attribute whole, and one behind that end leaves its name.
    private static let pieces = ["<Data", "<CommandAck", "<SignalAck", "<CloseAck", "PSGuid=", "</Data>"].map {
        Array($0.utf8)
    }
}
