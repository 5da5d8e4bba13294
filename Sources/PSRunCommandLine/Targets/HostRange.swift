/// The most hosts one range may name.
private let mostHosts = 65_536
/// The most ranges in one name.
private let mostRanges = 16

/// The names that `web[01-64]`, `web[1-3,7].example` or `r[1-2]n[1-4]` stand for, in order; `text` itself where it holds
/// not a range. Numbers are as wide as a range's beginning is with its zeros. An IPv6 address in brackets is not a range.
func expandHostRange(_ text: String) throws(UsageError) -> [String] {
    guard text.utf8.count(where: { $0 == UInt8(ascii: "[") }) <= mostRanges else {
        throw refusal(of: text, "it has more than \(mostRanges) ranges")
    }
    let hostStart = text.firstIndex(of: "@").map { text.index(after: $0) } ?? text.startIndex
    guard text[hostStart...].first != "[", let opening = text[hostStart...].firstIndex(of: "[") else { return [text] }
    guard let closing = text[opening...].firstIndex(of: "]") else {
        throw refusal(of: text, "its range is not closed")
    }
    let numbers = try expandNumbers(text[text.index(after: opening)..<closing], of: text)
    let rests = try expandRest(String(text[text.index(after: closing)...]), of: text)
    guard numbers.count * rests.count <= mostHosts else { throw refusal(of: text, "it names more than \(mostHosts)") }
    return numbers.flatMap { number in rests.map { text[..<opening] + number + $0 } }
}

/// What follows a range may hold another one, and no user.
private func expandRest(_ rest: String, of text: String) throws(UsageError) -> [String] {
    guard rest.contains("[") else { return [rest] }
    // A letter keeps the rest from looking like an address in brackets.
    return try expandHostRange("x" + rest).map { String($0.dropFirst()) }
}

private func expandNumbers(_ list: Substring, of text: String) throws(UsageError) -> [String] {
    var numbers: [String] = []
    for part in list.split(separator: ",", omittingEmptySubsequences: false) {
        let bounds = part.split(separator: "-", omittingEmptySubsequences: false)
        guard bounds.count <= 2, let first = number(bounds.first), let last = number(bounds.last) else {
            throw refusal(of: text, "'\(printable(part))' is not a range of numbers")
        }
        guard first <= last else { throw refusal(of: text, "'\(printable(part))' runs backwards") }
        guard last - first < mostHosts, numbers.count < mostHosts else {
            throw refusal(of: text, "it names more than \(mostHosts)")
        }
        let width = bounds[0].count
        numbers += (first...last).map { value in
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
    }
    return numbers
}

private func number(_ digits: Substring?) -> Int? {
    guard let digits, digits.count <= 9, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    return Int(digits)
}

private func refusal(of text: String, _ why: String) -> UsageError {
    UsageError(
        .invalidHostName,
        "'\(printable(text))' is not a range of hosts: \(why); write web[01-64] or web[1,5-8]."
    )
}
