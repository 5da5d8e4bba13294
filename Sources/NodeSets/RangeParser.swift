/// Reads what stands between brackets: `1-3`, `08-12/2`, `-3-3`, and lists of them with commas.
///
/// Source: `RangeSet._parse` of ClusterShell 1.10.1, but for numbers with underscores, which only Python reads.
struct RangeParser {
    /// The most numbers that one list may have.
    let mostNumbers: Int

    func parse(_ list: Substring) throws(NodeSetError) -> Set<NodeNumber> {
        var numbers: Set<NodeNumber> = []
        for part in list.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            try add(trimmed(Substring(part)), to: &numbers)
            guard numbers.count <= mostNumbers else { throw tooMany(list) }
        }
        return numbers
    }

    private func add(_ part: Substring, to numbers: inout Set<NodeNumber>) throws(NodeSetError) {
        let pieces = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let step = try step(pieces.count > 1 ? pieces[1] : "1", of: part)
        let bounds = try bounds(pieces.first ?? "", of: part)
        guard bounds.isRange || step == 1 else {
            throw NodeSetError(.stepWithoutRange, "\(quoted(part)) has a step and not a range; write 1-9/2.")
        }
        let first = try number(bounds.first, of: part)
        let last = try number(bounds.last, of: part)
        if first.isPadded || last.isPadded, bounds.first.utf8.count != bounds.last.utf8.count {
            throw NodeSetError(
                .paddingMismatch,
                "both ends of \(quoted(part)) must be as long, since one has zeros in front; write \(padded(bounds))."
            )
        }
        guard !first.isPadded || !bounds.isFirstNegative else {
            throw NodeSetError(.negativePadding, "\(quoted(part)) has zeros in front of a negative number.")
        }
        try add(first, last, step, bounds, of: part, to: &numbers)
    }

    private func add(
        _ first: DecimalText,
        _ last: DecimalText,
        _ step: Int,
        _ bounds: Bounds,
        of part: Substring,
        to numbers: inout Set<NodeNumber>
    ) throws(NodeSetError) {
        let width = first.isPadded ? bounds.first.utf8.count : 0
        if !bounds.isRange, !bounds.isFirstNegative {
            numbers.insert(NodeNumber(width > 0 ? String(bounds.first) : first.digits))
            return
        }
        // Beyond what Int holds, the digits in front are the same at both ends, or it is not a range that one can run.
        let isLong = max(first.digits.utf8.count, last.digits.utf8.count) > NodeNumber.intDigits
        let high = isLong ? String(first.digits.dropLast(NodeNumber.intDigits)) : ""
        if isLong {
            let isOne = first.digits.utf8.count == last.digits.utf8.count && last.digits.hasPrefix(high)
            guard isOne, !bounds.isFirstNegative else {
                throw NodeSetError(.numberTooLong, "\(quoted(part)) has ends that differ in more than 18 digits.")
            }
        }
        guard var value = Int(first.digits.dropFirst(high.utf8.count)),
            var end = Int(last.digits.dropFirst(high.utf8.count))
        else { throw notANumber(part) }
        if bounds.isFirstNegative { value.negate() }
        if bounds.isLastNegative { end.negate() }
        guard value <= end, step >= 1 else {
            throw NodeSetError(
                .invalidRange,
                "\(quoted(part)) runs backwards, or has a step below 1; write it as 1-9/2."
            )
        }
        guard (end - value) / step < mostNumbers else { throw tooMany(part) }
        let prefix = String(repeating: "0", count: isLong ? max(0, width - first.digits.utf8.count) : 0) + high
        let digits = isLong ? prefix.utf8.count + NodeNumber.intDigits : width
        for number in stride(from: value, through: end, by: min(step, end - value + 1)) {
            numbers.insert(NodeNumber(number, width: digits, after: prefix))
        }
    }

    /// A number's digits without zeros in front, and whether there were some.
    private struct DecimalText {
        var digits: String
        var isPadded: Bool
    }

    /// Both ends as they are written, without their minus.
    private struct Bounds {
        var first: Substring
        var last: Substring
        var isFirstNegative = false
        var isLastNegative = false
        var isRange = true
    }

    private func bounds(_ text: Substring, of part: Substring) throws(NodeSetError) -> Bounds {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(trimmed)
        switch ends.count {
        case 0, 1: return Bounds(first: trimmed(text), last: trimmed(text), isRange: false)
        case 2 where ends[0].isEmpty:
            return Bounds(first: ends[1], last: ends[1], isFirstNegative: true, isLastNegative: true)
        case 2: return Bounds(first: ends[0], last: ends[1])
        // What stands before the first minus is dropped: `1-2-3` is read as `-2-3`.
        case 3: return Bounds(first: ends[1], last: ends[2], isFirstNegative: true)
        case 4 where ends[0].isEmpty && ends[2].isEmpty:
            return Bounds(first: ends[1], last: ends[3], isFirstNegative: true, isLastNegative: true)
        default: throw notANumber(part)
        }
    }

    private func step(_ text: Substring, of part: Substring) throws(NodeSetError) -> Int {
        let text = trimmed(text)
        let isNegative = text.hasPrefix("-")
        let digits = text.drop { $0 == "-" || $0 == "+" }
        guard text.utf8.count - digits.utf8.count <= 1, !digits.isEmpty, digits.utf8.allSatisfy(isDigit) else {
            throw notANumber(part)
        }
        // A longer step leaves the first number alone, as this one does.
        let step = Int(digits) ?? Int.max
        return isNegative ? -step : step
    }

    private func number(_ text: Substring, of part: Substring) throws(NodeSetError) -> DecimalText {
        guard !part.isEmpty else {
            throw NodeSetError(
                .emptyRange,
                "a range is empty; between brackets and commas stand numbers, such as [1-3,5]."
            )
        }
        let digits = text.hasPrefix("+") ? text.dropFirst() : text
        guard !digits.isEmpty, digits.utf8.allSatisfy(isDigit) else { throw notANumber(part) }
        var value = digits.drop { $0 == "0" }
        if value.isEmpty { value = digits.suffix(1) }
        guard value.utf8.count <= mostDigits else { throw numberTooLong(part) }
        let isPadded = value.utf8.count < digits.utf8.count
        // Python counts the plus as a digit, and makes `00` of `+0`.
        guard digits.utf8.count == text.utf8.count || (!isPadded && value != "0") else { throw notANumber(part) }
        return DecimalText(digits: String(value), isPadded: isPadded)
    }

    private func padded(_ bounds: Bounds) -> String {
        let width = max(bounds.first.utf8.count, bounds.last.utf8.count)
        let ends = [bounds.first, bounds.last].map { String(repeating: "0", count: width - $0.utf8.count) + $0 }
        return ends.joined(separator: "-")
    }

    private func notANumber(_ part: Substring) -> NodeSetError {
        NodeSetError(.notANumber, "\(quoted(part)) is not a range of numbers; write 1-3, 01-03 or 1-9/2.")
    }

    private func tooMany(_ text: Substring) -> NodeSetError {
        NodeSetError(.tooManyHosts, "\(quoted(text)) has more than \(mostNumbers) numbers.")
    }
}

/// The most digits that a number counts with.
let mostDigits = 100

func numberTooLong(_ text: Substring) -> NodeSetError {
    NodeSetError(.numberTooLong, "\(quoted(text)) has a number of more than \(mostDigits) digits.")
}

func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0") <= byte && byte <= UInt8(ascii: "9") }

/// What Python's `strip` takes away, of ASCII.
func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) || (0x1C...0x1F).contains(byte) }

/// Without blanks at both ends.
func trimmed(_ text: Substring) -> Substring {
    let front = text.utf8.drop(while: isBlank)
    guard let last = front.lastIndex(where: { !isBlank($0) }) else { return text.suffix(0) }
    return Substring(front[...last])
}
