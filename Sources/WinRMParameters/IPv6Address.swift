/// Whether `text` is an IPv6 address without brackets and zone: eight groups of one to four hexadecimal digits, `::` for
/// one or more groups of zeros, perhaps an IPv4 address for the last two (RFC 4291 section 2.2).
package func isIPv6Address(_ text: Substring.UnicodeScalarView) -> Bool {
    guard let gap = text.indices.first(where: { text[$0...].starts(with: "::".unicodeScalars) }) else {
        return groupCount(text, mayEndInIPv4: true) == 8
    }
    let head = text[..<gap]
    let tail = text[text.index(gap, offsetBy: 2)...]
    guard
        let before = head.isEmpty ? 0 : groupCount(head, mayEndInIPv4: false),
        let after = tail.isEmpty ? 0 : groupCount(tail, mayEndInIPv4: true)
    else { return false }
    return before + after < 8
}

/// How many groups of 16 bits `text` holds; nil when something in it is none.
private func groupCount(_ text: Substring.UnicodeScalarView, mayEndInIPv4: Bool) -> Int? {
    var groups = text.split(separator: ":", omittingEmptySubsequences: false)
    var count = 0
    if mayEndInIPv4, let last = groups.last, last.contains(".") {
        guard isIPv4Address(last) else { return nil }
        groups.removeLast()
        count = 2
    }
    let isGroup = { (group: Substring.UnicodeScalarView) in
        (1...4).contains(group.count) && group.allSatisfy(\.properties.isASCIIHexDigit)
    }
    return groups.allSatisfy(isGroup) ? count + groups.count : nil
}

private func isIPv4Address(_ text: Substring.UnicodeScalarView) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4
        && parts.allSatisfy { part in
            (1...3).contains(part.count) && part.allSatisfy { ("0"..."9").contains($0) } && UInt8(String(part)) != nil
        }
}
