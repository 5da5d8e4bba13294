/// A playbook's whole text as UTF-8, and where each of its bytes stood in the file.
struct PlaybookText {
    private enum Encoding {
        case utf8
        case utf16
    }

    /// Native UTF-8, so that indices are cheap.
    let utf8: [UInt8]
    private let encoding: Encoding
    /// Bytes of the byte order mark.
    private let markLength: Int

    init(bytes: [UInt8]) throws(PlaybookError) {
        if bytes.starts(with: [0xFF, 0xFE]) {
            self = try Self.utf16(bytes, bigEndian: false)
        } else if bytes.starts(with: [0xFE, 0xFF]) {
            self = try Self.utf16(bytes, bigEndian: true)
        } else {
            markLength = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
            encoding = .utf8
            utf8 = markLength == 0 ? bytes : Array(bytes.dropFirst(markLength))
            if let offset = Self.firstIllFormedByte(utf8) {
                throw PlaybookError(
                    .illFormedText,
                    "byte \(offset + markLength) is not UTF-8: save the playbook as UTF-8, or as UTF-16 with a byte order"
                        + " mark",
                    at: offset + markLength
                )
            }
        }
    }

    private init(utf8: [UInt8], encoding: Encoding, markLength: Int) {
        self.utf8 = utf8
        self.encoding = encoding
        self.markLength = markLength
    }

    /// The line whose bytes, terminator included, these are.
    func line(_ number: Int, _ range: Range<Int>) throws(PlaybookError) -> PlaybookLine {
        var end = range.upperBound
        if utf8[end - 1] == UInt8(ascii: "\n") {
            end -= 1
            if end > range.lowerBound, utf8[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        }
        guard end - range.lowerBound < Playbook.lineLimit else {
            let offset = offset(of: range.lowerBound)
            throw PlaybookError(
                .lineTooLong,
                "line \(number), which begins at byte \(offset), has \(end - range.lowerBound) bytes: a line must have"
                    + " fewer than \(Playbook.lineLimit)",
                at: offset
            )
        }
        return PlaybookLine(
            number: number,
            text: String(decoding: utf8[range.lowerBound..<end], as: UTF8.self),
            terminator: String(decoding: utf8[end..<range.upperBound], as: UTF8.self)
        )
    }

    /// Where in the file the character stood whose UTF-8 begins at this index.
    func offset(of index: Int) -> Int {
        switch encoding {
        case .utf8: index + markLength
        case .utf16: String(decoding: utf8[..<index], as: UTF8.self).utf16.count * 2 + markLength
        }
    }

    private static func utf16(_ bytes: [UInt8], bigEndian: Bool) throws(PlaybookError) -> PlaybookText {
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        for index in stride(from: 2, to: bytes.count - 1, by: 2) {
            let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            units.append(bigEndian ? first << 8 | second : second << 8 | first)
        }
        func illFormed(_ offset: Int, _ what: String) -> PlaybookError {
            PlaybookError(
                .illFormedText,
                "byte \(offset) is not UTF-16, although the byte order mark says so: \(what)",
                at: offset
            )
        }
        var parser = Unicode.UTF16.ForwardParser()
        var source = units.makeIterator()
        var done = 0
        var utf8: [UInt8] = []
        utf8.reserveCapacity(bytes.count)
        reading: while true {
            switch parser.parseScalar(from: &source) {
            case .valid(let scalar):
                done += scalar.count
                utf8.append(
                    contentsOf: Unicode.UTF8.encode(Unicode.UTF16.decode(scalar))
                        ?? Unicode.UTF8.encodedReplacementCharacter
                )
            case .error: throw illFormed(2 + done * 2, "a surrogate stands alone")
            case .emptyInput: break reading
            }
        }
        guard bytes.count.isMultiple(of: 2) else {
            throw illFormed(bytes.count - 1, "the file ends within a character")
        }
        return PlaybookText(utf8: utf8, encoding: .utf16, markLength: 2)
    }

    private static func firstIllFormedByte(_ bytes: [UInt8]) -> Int? {
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        var parser = Unicode.UTF8.ForwardParser()
        var source = bytes.makeIterator()
        var offset = 0
        while true {
            switch parser.parseScalar(from: &source) {
            case .valid(let scalar): offset += scalar.count
            case .error: return offset
            case .emptyInput: return nil
            }
        }
    }
}
