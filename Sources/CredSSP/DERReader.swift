/// Reads DER (X.690): elements with definite lengths, one after the other, never beyond what is there.
struct DERReader {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    var isAtEnd: Bool { rest.isEmpty }

    /// The next element. A length may take more bytes than it needs to, which cannot be misread.
    /// - Throws: CredSSPFailure, malformed.
    mutating func next() throws(CredSSPFailure) -> (tag: UInt8, content: ArraySlice<UInt8>) {
        guard let tag = rest.popFirst(), tag & 0x1F != 0x1F, let first = rest.popFirst() else {
            throw .malformed("an element is cut off")
        }
        var length = Int(first)
        if first >= 0x80 {
            let count = Int(first & 0x7F)
            guard (1...4).contains(count), rest.count >= count else { throw .malformed("a length cannot be read") }
            length = rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(count)
        }
        guard length <= rest.count else { throw .malformed("an element is longer than what it is in") }
        defer { rest = rest.dropFirst(length) }
        return (tag, rest.prefix(length))
    }

    /// The next element, of that tag.
    mutating func next(_ tag: UInt8) throws(CredSSPFailure) -> ArraySlice<UInt8> {
        let element = try next()
        guard element.tag == tag else { throw .malformed("tag \(element.tag) stands where \(tag) should") }
        return element.content
    }

    /// The one element of that tag, behind which nothing comes.
    static func only(_ tag: UInt8, in bytes: ArraySlice<UInt8>) throws(CredSSPFailure) -> ArraySlice<UInt8> {
        var reader = DERReader(bytes)
        let content = try reader.next(tag)
        guard reader.isAtEnd else { throw .malformed("something stands behind its end") }
        return content
    }

    /// An INTEGER of 32 bits, with or without a sign: an NTSTATUS is written either way.
    static func integer(in bytes: ArraySlice<UInt8>) throws(CredSSPFailure) -> UInt32 {
        let content = try only(DERWriter.integer, in: bytes)
        let digits = content.count == 5 && content.first == 0 ? content.dropFirst() : content
        guard (1...4).contains(digits.count) else { throw .malformed("a number does not have 32 bits") }
        let isNegative = digits.count == content.count && digits.first.map { $0 >= 0x80 } == true
        return digits.reduce(isNegative ? .max : 0) { $0 << 8 | UInt32($1) }
    }
}
