import WinRMParameters

extension HostName {
    /// Splits a `-HostName` value.
    ///
    /// Source: System.Uri's reading of `ssh://<text>`, as PowerShell 7.6 answers for each value of
    /// Tests/PSRunCommandLineTests/Fixtures/hostnames.jsonl.
    /// - Throws: `invalidHostName`, naming the part that is wrong.
    package static func parse(_ text: String) throws(UsageError) -> HostName {
        func refuse(_ why: String) -> UsageError {
            UsageError(.invalidHostName, "'\(printable(text))' is not a host: \(why)")
        }
        let trimmed = text.unicodeScalars[...].droppingLast(while: isBlank)
        guard !trimmed.isEmpty else { throw refuse("it is empty; write [user@]host[:port].") }
        guard !trimmed.contains(where: isControl) else { throw refuse("it contains a control character.") }
        guard trimmed.first != "-" else { throw refuse("a host does not begin with a dash.") }
        guard !trimmed.contains(where: { "/?#".unicodeScalars.contains($0) }) else {
            throw refuse("a path, query or fragment is not allowed in it; write [user@]host[:port].")
        }
        let (user, rest) = splitUser(trimmed)
        guard !rest.contains("@") else { throw refuse("it contains more than one @; give the user with -UserName.") }
        guard let (hostPart, portPart) = splitPort(rest) else {
            throw refuse("only a port may follow a host; write an IPv6 address in brackets, such as [::1]:22.")
        }
        guard let host = hostPart.first == "[" ? bracketed(hostPart) : named(hostPart) else {
            throw refuse("'\(printable(String(hostPart)))' is neither a host name nor an address.")
        }
        guard let port = portNumber(portPart) else {
            throw refuse("'\(printable(String(portPart)))' is not a port; it takes 1 to 65535.")
        }
        // An address, and what stands for this computer, have one spelling.
        let given = String(hostPart)
        return HostName(
            host: host,
            user: user.isEmpty ? nil : String(user),
            port: port == 0 ? nil : port,
            given: hostPart.first != "[" && given.lowercased() == host ? given : host
        )
    }

    private typealias Scalars = Substring.UnicodeScalarView

    /// What stands before the first `@`, and what stands behind it.
    private static func splitUser(_ text: Scalars) -> (user: Scalars, rest: Scalars) {
        guard let at = text.firstIndex(of: "@") else { return (text.prefix(0), text) }
        return (text[..<at], text[text.index(after: at)...])
    }

    /// The host, and what stands behind its colon; nil when there is more than one colon outside brackets.
    private static func splitPort(_ text: Scalars) -> (host: Scalars, port: Scalars)? {
        let hostEnd: Scalars.Index
        if text.first == "[", let bracket = text.firstIndex(of: "]") {
            hostEnd = text.index(after: bracket)
        } else {
            hostEnd = text.firstIndex(of: ":") ?? text.endIndex
        }
        let rest = text[hostEnd...]
        guard let colon = rest.first else { return (text, rest) }
        let port = rest.dropFirst()
        guard colon == ":", !port.contains(":") else { return nil }
        return (text[..<hostEnd], port)
    }

    /// 0 for none; nil for what is not a port.
    private static func portNumber(_ digits: Scalars) -> UInt16? {
        guard digits.allSatisfy({ ("0"..."9").contains($0) }) else { return nil }
        return digits.isEmpty ? 0 : UInt16(String(digits))
    }

    /// A DNS name or an IPv4 address; `.` is this computer.
    private static func named(_ text: Scalars) -> String? {
        if text.elementsEqual(".".unicodeScalars) { return "localhost" }
        let relative = text.last == "." ? text.dropLast() : text
        let labels = relative.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.allSatisfy(isLabel) else { return nil }
        return String(text).lowercased()
    }

    private static func isLabel(_ label: Scalars) -> Bool {
        guard let first = label.first, label.count <= 63 else { return false }
        return isLetterOrDigit(first)
            && label.dropFirst().allSatisfy { isLetterOrDigit($0) || $0 == "-" || $0 == "_" }
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .nonspacingMark, .spacingMark:
            return true
        default:
            return false
        }
    }

    /// An IPv6 address in brackets; its zone follows `%`, or `%25` as RFC 6874 writes it.
    private static func bracketed(_ text: Scalars) -> String? {
        guard text.last == "]" else { return nil }
        let inner = text.dropFirst().dropLast()
        let parts = inner.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        guard isIPv6Address(parts[0]) else { return nil }
        let address = String(parts[0]).lowercased()
        guard parts.count == 2 else { return "[\(address)]" }
        let zone = parts[1].starts(with: "25".unicodeScalars) && parts[1].count > 2 ? parts[1].dropFirst(2) : parts[1]
        guard !zone.isEmpty, zone.allSatisfy(isZoneCharacter) else { return nil }
        return "[\(address)%\(String(zone))]"
    }

    private static func isZoneCharacter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && (isLetterOrDigit(scalar) || "-._~".unicodeScalars.contains(scalar))
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t"
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control
    }
}

extension Substring.UnicodeScalarView {
    func droppingLast(while predicate: (Unicode.Scalar) -> Bool) -> Self {
        var rest = self
        while let last = rest.last, predicate(last) {
            rest.removeLast()
        }
        return rest
    }
}
