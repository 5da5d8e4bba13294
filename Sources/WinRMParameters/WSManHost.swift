/// Which texts name a computer.
enum WSManHost {
    /// In bytes: the longest name of DNS.
    private static let longestName = 253
    private static let longestLabel = 63

    /// A name, an IPv4 address, or an IPv6 address without its brackets and with its zone, as a resolver takes it; nil for
    /// what is none of them. Names outside of ASCII are none: DNS, certificates and tickets know them as `xn--…`.
    ///
    /// Source: .NET's Uri.CheckHostName, which Enter-PSSession asks.
    static func plain(_ text: some StringProtocol) -> String? {
        if text.hasPrefix("["), text.hasSuffix("]") { return address(text.dropFirst().dropLast()) }
        if text.contains(":") { return address(text) }
        return isName(text) ? String(text) : nil
    }

    private static func address(_ text: some StringProtocol) -> String? {
        let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        guard let bare = parts.first, isIPv6Address(Substring(bare).unicodeScalars) else { return nil }
        guard parts.count == 2 else { return bare.lowercased() }
        // RFC 6874 writes the sign itself as %25.
        let zone = parts[1].hasPrefix("25") && parts[1].count > 2 ? parts[1].dropFirst(2) : parts[1][...]
        guard !zone.isEmpty, zone.utf8.allSatisfy({ isNameByte($0) || $0 == UInt8(ascii: "~") }) else { return nil }
        return "\(bare.lowercased())%\(zone)"
    }

    private static func isName(_ text: some StringProtocol) -> Bool {
        guard text.utf8.count <= longestName else { return false }
        let relative = text.hasSuffix(".") ? Substring(text).dropLast() : Substring(text)
        let labels = relative.split(separator: ".", omittingEmptySubsequences: false)
        return labels.allSatisfy { label in
            guard let first = label.utf8.first, label.utf8.count <= longestLabel else { return false }
            return isLetterOrDigit(first) && label.utf8.allSatisfy { isNameByte($0) && $0 != UInt8(ascii: ".") }
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool { isLetterOrDigit(byte) || "-_.".utf8.contains(byte) }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
