extension ValueType<String> {
    /// Digits and dashes as .NET's Guid reads them, braces and parentheses included; taken as 8-4-4-4-12 in lower case.
    static let guid = ValueType("GUID", "System.Guid") { (text) throws(ValueError) in
        var digits = text[...]
        for (opening, closing) in [("{", "}"), ("(", ")")] where text.hasPrefix(opening) && text.hasSuffix(closing) {
            digits = text.dropFirst().dropLast()
        }
        let groups = digits.split(separator: "-", omittingEmptySubsequences: false)
        let lengths = groups.map(\.count)
        guard lengths == [8, 4, 4, 4, 12] || lengths == [32],
            groups.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isHexDigit } })
        else {
            throw ValueError(why: "it takes a GUID, such as 01234567-89ab-cdef-0123-456789abcdef.")
        }
        let all = Array(digits.lowercased().filter { $0 != "-" })
        var (groupsOfAll, at) = ([String](), 0)
        for length in [8, 4, 4, 4, 12] {
            groupsOfAll.append(String(all[at..<(at + length)]))
            at += length
        }
        return groupsOfAll.joined(separator: "-")
    }
}
