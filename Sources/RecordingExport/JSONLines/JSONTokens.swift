/// Finds the values of a JSON text (RFC 8259) without changing how they are spelt.
struct JSONTokens {
    private let bytes: ArraySlice<UInt8>
    private(set) var offset: Int
    private static let maximumDepth = 64

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        offset = bytes.startIndex
    }

    /// Whether all of the text is read.
    var isAtEnd: Bool { offset == bytes.endIndex }

    /// The bytes not read yet.
    var rest: ArraySlice<UInt8> { bytes[offset...] }

    /// Takes exactly these bytes, or nothing and answers false.
    mutating func take(_ text: StaticString) -> Bool {
        let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard bytes[offset...].starts(with: wanted) else { return false }
        offset += wanted.count
        return true
    }

    mutating func skipBlanks() {
        while let byte = peek(), byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { offset += 1 }
    }

    /// The next value as it is spelt, or nil where none is.
    mutating func value(depth: Int = 0) -> ArraySlice<UInt8>? {
        switch peek() {
        case 0x22: return string()
        case 0x7B: return container(end: 0x7D, hasKeys: true, depth: depth)
        case 0x5B: return container(end: 0x5D, hasKeys: false, depth: depth)
        case 0x74: return word("true")
        case 0x66: return word("false")
        case 0x6E: return word("null")
        default: return number()
        }
    }

    /// The next string with its quotes, or nil.
    mutating func string() -> ArraySlice<UInt8>? {
        let start = offset
        guard peek() == 0x22 else { return nil }
        offset += 1
        while let byte = peek() {
            offset += 1
            switch byte {
            case 0x22: return bytes[start..<offset]
            case 0x5C:
                guard escape() else { return nil }
            case 0x00..<0x20: return nil
            default: break
            }
        }
        return nil
    }

    /// The next number, or nil.
    mutating func number() -> ArraySlice<UInt8>? {
        let start = offset
        if peek() == 0x2D { offset += 1 }
        guard let first = peek(), Self.isDigit(first) else { return nil }
        offset += 1
        if first != 0x30 { digits() }
        if peek() == 0x2E {
            offset += 1
            guard digits() else { return nil }
        }
        if let byte = peek(), byte | 0x20 == 0x65 {
            offset += 1
            if let sign = peek(), sign == 0x2B || sign == 0x2D { offset += 1 }
            guard digits() else { return nil }
        }
        return bytes[start..<offset]
    }

    private mutating func container(end: UInt8, hasKeys: Bool, depth: Int) -> ArraySlice<UInt8>? {
        guard depth < Self.maximumDepth else { return nil }
        let start = offset
        offset += 1
        skipBlanks()
        if peek() == end {
            offset += 1
            return bytes[start..<offset]
        }
        while true {
            if hasKeys {
                skipBlanks()
                guard string() != nil else { return nil }
                skipBlanks()
                guard take(":") else { return nil }
            }
            skipBlanks()
            guard value(depth: depth + 1) != nil else { return nil }
            skipBlanks()
            if take(",") { continue }
            guard peek() == end else { return nil }
            offset += 1
            return bytes[start..<offset]
        }
    }

    private mutating func word(_ word: StaticString) -> ArraySlice<UInt8>? {
        let start = offset
        return take(word) ? bytes[start..<offset] : nil
    }

    @discardableResult
    private mutating func digits() -> Bool {
        let start = offset
        while let byte = peek(), Self.isDigit(byte) { offset += 1 }
        return offset > start
    }

    /// What is behind a backslash.
    private mutating func escape() -> Bool {
        guard let byte = peek() else { return false }
        offset += 1
        switch byte {
        case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: return true
        case 0x75:
            for _ in 0..<4 {
                guard let digit = peek(), Self.isDigit(digit) || (0x61...0x66).contains(digit | 0x20) else {
                    return false
                }
                offset += 1
            }
            return true
        default: return false
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private func peek() -> UInt8? { offset < bytes.endIndex ? bytes[offset] : nil }
}
