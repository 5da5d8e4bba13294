/// A line of the control socket: fields with a tab between them, LF at its end. In a field `\t`, `\n`, `\r` and `\\` stand
/// for a tab, a line feed, a carriage return and a backslash (psrun.docc/BrokerProtocol.md).
package enum ControlLine {
    /// - Returns: the line with its end.
    package static func encode(_ fields: [String]) -> [UInt8] {
        var line: [UInt8] = []
        for (index, field) in fields.enumerated() {
            if index > 0 { line.append(tab) }
            for byte in field.utf8 {
                if byte < 0x20 || byte == backslash, let letter = letters[byte] {
                    line += [backslash, letter]
                } else {
                    line.append(byte)
                }
            }
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    /// - Parameter line: without its end.
    /// - Returns: nil for a line with a backslash that stands for nothing.
    package static func decode(_ line: some Sequence<UInt8>) -> [String]? {
        var (fields, field): ([String], [UInt8]) = ([], [])
        var isEscaped = false
        for byte in line {
            if isEscaped {
                guard let meant = bytes[byte] else { return nil }
                field.append(meant)
                isEscaped = false
            } else if byte == backslash {
                isEscaped = true
            } else if byte == tab {
                fields.append(String(decoding: field, as: UTF8.self))
                field = []
            } else {
                field.append(byte)
            }
        }
        return isEscaped ? nil : fields + [String(decoding: field, as: UTF8.self)]
    }

    private static let tab = UInt8(ascii: "\t")
    private static let backslash = UInt8(ascii: "\\")
    private static let letters: [UInt8: UInt8] = [
        tab: UInt8(ascii: "t"), UInt8(ascii: "\n"): UInt8(ascii: "n"), UInt8(ascii: "\r"): UInt8(ascii: "r"),
        backslash: backslash,
    ]
    private static let bytes: [UInt8: UInt8] = Dictionary(uniqueKeysWithValues: letters.map { ($0.value, $0.key) })
}

/// Cuts what comes over the control socket into lines.
package struct ControlReader: Sendable {
    private var held: [UInt8] = []
    private var total = 0
    /// The first field of the line behind which no more lines come.
    private let last: String?
    private var isPastLast = false
    /// Whether the other side has sent more than it may: what came since is dropped.
    package private(set) var isTooMuch = false

    package init(upTo last: String? = nil) {
        self.last = last
    }

    /// - Returns: the fields of each line that is whole now; none for a line that cannot be read, and so says nothing.
    package mutating func receive(_ bytes: [UInt8]) -> [[String]] {
        total += bytes.count
        guard !isTooMuch, total <= KeptSessionLimits.requestBytes else {
            isTooMuch = true
            return []
        }
        held += bytes
        var lines: [[String]] = []
        while !isPastLast, let end = held.firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(ControlLine.decode(held[..<end]) ?? [])
            held.removeFirst(end + 1)
            isPastLast = last != nil && lines.last?.first == last
        }
        isTooMuch = !isPastLast && held.count > KeptSessionLimits.lineBytes
        return lines
    }

    /// What came behind the last line, which is given up.
    package mutating func takeRest() -> [UInt8] {
        defer { held = [] }
        return held
    }
}
