/// A name with its numbers taken out: `node%s-ib%s`, where `%%` is a percent sign.
///
/// It is bytes, so that names which differ in how an accent is encoded stay two.
struct NamePattern: Hashable, Sendable {
    private(set) var bytes: [UInt8] = []

    /// Text that is not a number.
    mutating func append(_ text: some Sequence<UInt8>) {
        for byte in text {
            bytes.append(byte)
            if byte == UInt8(ascii: "%") { bytes.append(byte) }
        }
    }

    /// A place where a number stands.
    mutating func appendNumber() {
        bytes += "%s".utf8
    }

    /// What stands before, between and behind the numbers: one more than there are numbers.
    var pieces: [String] {
        var pieces: [[UInt8]] = [[]]
        var isEscaped = false
        for byte in bytes {
            if isEscaped {
                isEscaped = false
                if byte == UInt8(ascii: "s") { pieces.append([]) } else { pieces[pieces.count - 1].append(byte) }
            } else if byte == UInt8(ascii: "%") {
                isEscaped = true
            } else {
                pieces[pieces.count - 1].append(byte)
            }
        }
        return pieces.map { String(decoding: $0, as: UTF8.self) }
    }

    static func name(_ pieces: [String], with numbers: some Sequence<String>) -> String {
        var name = pieces.first ?? ""
        for (number, piece) in zip(numbers, pieces.dropFirst()) {
            name += number
            name += piece
        }
        return name
    }
}

extension NamePattern: Comparable {
    static func < (one: NamePattern, other: NamePattern) -> Bool {
        one.bytes.lexicographicallyPrecedes(other.bytes)
    }
}

extension NamePattern {
    /// Splits a name without brackets into its pattern and its numbers.
    static func split(_ name: Substring) throws(NodeSetError) -> (pattern: NamePattern, numbers: [NodeNumber]) {
        var pattern = NamePattern()
        var numbers: [NodeNumber] = []
        var rest = name.utf8[...]
        while let first = rest.first {
            let piece = rest.prefix { isDigit($0) == isDigit(first) }
            rest = rest.dropFirst(piece.count)
            guard isDigit(first) else {
                pattern.append(piece)
                continue
            }
            guard piece.count <= mostDigits || piece.drop(while: { $0 == UInt8(ascii: "0") }).count <= mostDigits else {
                throw numberTooLong(name)
            }
            pattern.appendNumber()
            numbers.append(NodeNumber(String(Substring(piece))))
        }
        return (pattern, numbers)
    }
}

extension NamePattern {
    mutating func append(_ other: NamePattern) {
        bytes += other.bytes
    }
}
