/// A host as an inventory writes it, split into its name, which may have ranges (`web[01:10]`), and its port.
struct HostAddress {
    let host: String
    let port: Int?

    /// The whole text is the host's name where it is not a name or an address with or without a port, as Ansible has it.
    init(_ text: String, hasRanges: Bool = true) {
        guard let (host, port) = Self.parts(text, hasRanges: hasRanges) else {
            self.host = text
            self.port = nil
            return
        }
        self.host = host
        self.port = port
    }

    /// - Returns: nil where it is not a host's name or address.
    static func parts(_ text: String, hasRanges: Bool = true) -> (host: String, port: Int?)? {
        var host = text.unicodeScalars[...]
        var port: Int?
        if let (inner, number) = bracketed(host) { (host, port) = (inner, number) }
        if let (front, number) = withPort(host) { (host, port) = (front, number) }
        guard hasRanges || !host.contains("["), isHostName(host) || AddressRange.isIPv6(host) else { return nil }
        return (String(host), port)
    }

    private typealias Scalars = Substring.UnicodeScalarView

    /// `[2001:db8::1]:22`
    private static func bracketed(_ text: Scalars) -> (Scalars, Int)? {
        guard text.first == "[", let (front, port) = port(atEndOf: text), front.last == "]", front.count > 2 else {
            return nil
        }
        return (front.dropFirst().dropLast(), port)
    }

    /// `web[01:10]:22`: no colon stands outside brackets but the port's.
    private static func withPort(_ text: Scalars) -> (Scalars, Int)? {
        guard let (front, port) = port(atEndOf: text) else { return nil }
        var isOpen = false
        for scalar in front {
            switch scalar {
            case "[" where !isOpen: isOpen = true
            case "]":
                guard isOpen else { return nil }
                isOpen = false
            case ":" where !isOpen: return nil
            default: break
            }
        }
        return isOpen ? nil : (front, port)
    }

    private static func port(atEndOf text: Scalars) -> (Scalars, Int)? {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty, digits.allSatisfy({ ("0"..."9").contains($0) }) else { return nil }
        // A number that is too large is not a port, and stays so.
        return (text[..<colon], Int(String(digits)) ?? .max)
    }

    /// Labels of letters, digits, `_`, `-` and ranges; none ends with `_` or `-`, or begins with `-`.
    private static func isHostName(_ text: Scalars) -> Bool {
        var rest = text
        var isFirst = true
        var last: Unicode.Scalar?
        while let scalar = rest.first {
            if scalar == "[" {
                guard let end = AddressRange.end(of: rest, isHexadecimal: false) else { return false }
                rest = rest[end...]
                last = "]"
                isFirst = false
                continue
            }
            rest = rest.dropFirst()
            if scalar == "." {
                guard let end = last, end != "-", end != "_" else { return false }
                isFirst = true
                last = nil
                continue
            }
            guard isWord(scalar) || scalar == "-" && !isFirst else { return false }
            last = scalar
            isFirst = false
        }
        return last.map { $0 != "-" && $0 != "_" } ?? false
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == "_" { return true }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber:
            return true
        default: return false
        }
    }
}

/// Ranges inside addresses.
enum AddressRange {
    /// Where a range that a text begins with ends: `[1:3]`, `[a:f]`, `[01:99:2]`.
    static func end(
        of text: Substring.UnicodeScalarView,
        isHexadecimal: Bool
    ) -> Substring.UnicodeScalarView.Index? {
        guard let close = text.firstIndex(of: "]") else { return nil }
        let inner = text[text.index(after: text.startIndex)..<close]
        let parts = inner.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        if parts.count == 3, !parts[2].allSatisfy(isDigit) { return nil }
        let bounds = parts.prefix(2)
        let isRight =
            bounds.allSatisfy { $0.allSatisfy(isDigit) }
            || isHexadecimal && bounds.allSatisfy { $0.allSatisfy(self.isHexadecimal) }
            || !isHexadecimal && bounds.allSatisfy { $0.count == 1 && $0.allSatisfy(isLetter) }
        return isRight ? text.index(after: close) : nil
    }

    /// An address of RFC 4291, whose parts may be ranges.
    static func isIPv6(_ text: Substring.UnicodeScalarView) -> Bool {
        var rest = text
        // Groups before and behind `::`.
        var counts = [0]
        var isOpen = true
        if text.starts(with: "::".unicodeScalars) {
            counts.append(0)
            rest = rest.dropFirst(2)
        }
        while !rest.isEmpty {
            if isOpen {
                if isDotted(rest) { return isMapped(text, rest) }
                guard let end = group(rest) else { return false }
                counts[counts.count - 1] += 1
                guard counts[counts.count - 1] <= 8 else { return false }
                rest = rest[end...]
                isOpen = false
            } else if rest.starts(with: "::".unicodeScalars) {
                guard counts.count == 1 else { return false }
                counts.append(0)
                rest = rest.dropFirst(2)
                isOpen = true
            } else {
                guard rest.first == ":" else { return false }
                rest = rest.dropFirst()
                guard !rest.isEmpty else { return false }
                isOpen = true
            }
        }
        guard counts.count == 2 else { return counts[0] == 8 }
        return counts[0] == 0 || counts[1] == 0 ? counts[0] + counts[1] <= 6 : counts[0] + counts[1] <= 7
    }

    /// `::ffff:192.0.2.3` and its like.
    private static func isMapped(
        _ text: Substring.UnicodeScalarView,
        _ dotted: Substring.UnicodeScalarView
    ) -> Bool {
        let front = String(text[..<dotted.startIndex]).lowercased()
        return ["::", "::ffff:", "0:0:0:0:0:0:", "0:0:0:0:0:ffff:"].contains(front)
    }

    private static func isDotted(_ text: Substring.UnicodeScalarView) -> Bool {
        guard text.contains(".") else { return false }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { group($0) == $0.endIndex }
    }

    /// Where one to four hexadecimal digits or a range end.
    private static func group(_ text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView.Index? {
        if text.first == "[" { return end(of: text, isHexadecimal: true) }
        let digits = text.prefix(4).prefix(while: isHexadecimal)
        return digits.isEmpty ? nil : digits.endIndex
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        ("0"..."9").contains(scalar)
    }

    private static func isHexadecimal(_ scalar: Unicode.Scalar) -> Bool {
        isDigit(scalar) || ("a"..."f").contains(scalar) || ("A"..."F").contains(scalar)
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }
}
