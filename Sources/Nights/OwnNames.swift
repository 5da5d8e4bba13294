/// A target's own names and addresses, which would keep targets that failed alike apart.
package struct OwnNames {
    private let names: Set<String>

    /// - Parameter target: its name: `[user@]host[:port]`.
    package init(of target: String) {
        var host = Substring(target)
        if let sign = host.lastIndex(of: "@") { host = host[host.index(after: sign)...] }
        if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
            host = host[host.index(after: host.startIndex)..<end]
        } else if host.count(where: { $0 == ":" }) == 1, let colon = host.firstIndex(of: ":") {
            host = host[..<colon]
        }
        let first = host.prefix { $0 != "." }
        let isNumber = first.allSatisfy(\.isNumber)
        names = Set([target, String(host)] + (isNumber ? [] : [String(first)]))
    }

    /// A text with `<host>` for each of the names that stands by itself, and `<address>` for each address.
    package func masked(_ text: String) -> String {
        var masked = ""
        var word = ""
        for character in text + " " {
            if Self.isOfWord(character) {
                word.append(character)
            } else {
                masked += replaced(word)
                masked.append(character)
                word = ""
            }
        }
        masked.removeLast()
        return masked
    }

    /// What a name, an address or a port has.
    private static func isOfWord(_ character: Character) -> Bool {
        guard let byte = character.asciiValue else { return character.isLetter || character.isNumber }
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: return true
        default: return ".:-_@[]%".utf8.contains(byte)
        }
    }

    /// - Parameter word: with what ends a sentence or leads a message behind it.
    private func replaced(_ word: String) -> String {
        guard !word.isEmpty else { return word }
        let end = word.reversed().prefix { $0 == "." || $0 == ":" }.count
        let name = String(word.dropLast(end))
        let rest = word.suffix(end)
        if names.contains(name) { return "<host>" + rest }
        if Self.isAddress(name) { return "<address>" + rest }
        return word
    }

    private static func isAddress(_ word: String) -> Bool {
        let bare = word.filter { $0 != "[" && $0 != "]" }
        // A time of day has colons as well.
        if bare.contains("::") || bare.count(where: { $0 == ":" }) == 7 {
            return bare.prefix { $0 != "%" }.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
        }
        let parts = bare.prefix { $0 != ":" }.split(separator: ".", omittingEmptySubsequences: false)
        let isPort = bare.drop { $0 != ":" }.dropFirst().allSatisfy(\.isNumber)
        return parts.count == 4 && isPort && parts.allSatisfy { UInt8($0) != nil }
    }
}
