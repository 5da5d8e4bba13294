/// `text` as a message may show it: control characters escaped, cut when very long.
func presentable(_ text: some StringProtocol) -> String {
    var shown = ""
    for scalar in text.unicodeScalars.prefix(200) {
        let isControl = [.control, .format].contains(scalar.properties.generalCategory)
        shown += isControl ? scalar.escaped(asASCII: true) : String(scalar)
    }
    return text.unicodeScalars.count > 200 ? shown + "…" : shown
}

/// The same without blanks around it.
func trimmingBlanks(_ text: some StringProtocol) -> Substring {
    var rest = Substring(text)
    while let first = rest.first, first.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return rest
}

/// An address without what stands for a user in it, which may have a password behind it.
func withoutUser(_ text: Substring) -> String {
    let start = text.firstRange(of: "://")?.upperBound ?? text.startIndex
    let authority = text[start...].prefix { !"/?#\\".contains($0) }
    guard let sign = authority.lastIndex(of: "@") else { return String(text) }
    return "\(text[..<start])…\(text[sign...])"
}

/// `a, b or c`.
func listed(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + last
}
