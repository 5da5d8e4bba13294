/// What values of settings look like.
extension WSManForm<Bool> {
    static let flag = WSManForm { (text) throws(WSManValueError) in
        switch text.lowercased() {
        case "$true", "true", "yes", "1": true
        case "$false", "false", "no", "0": false
        default: throw WSManValueError("it takes $true or $false")
        }
    } write: {
        $0 ? "true" : "false"
    }

    /// One that psrun has in this way alone.
    static func only(_ value: Bool, _ reason: String) -> WSManForm {
        WSManForm { (text) throws(WSManValueError) in
            guard try flag.read(text) == value else { throw WSManValueError(reason) }
            return value
        } write: {
            flag.write($0)
        }
    }
}

extension WSManForm<Int> {
    static func number(in range: ClosedRange<Int>) -> WSManForm {
        WSManForm { (text) throws(WSManValueError) in
            guard let number = Int(text), range.contains(number) else {
                throw WSManValueError("it takes a number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        } write: {
            String($0)
        }
    }

    /// `, such as 16MB`: of sizes that are in the range.
    private static func example(in range: ClosedRange<Int>) -> String {
        let known = [("512KB", 512 << 10), ("16MB", 16 << 20)].filter { range.contains($0.1) }.map(\.0)
        return known.isEmpty ? "" : ", such as \(known.joined(separator: " or "))"
    }

    /// Bytes, also as PowerShell writes them: 512kb, 50MB, 1gb.
    static func bytes(in range: ClosedRange<Int>) -> WSManForm {
        WSManForm { (text) throws(WSManValueError) in
            let lower = text.lowercased()
            let units = [("kb", 10), ("mb", 20), ("gb", 30), ("", 0)]
            guard let (ending, shift) = units.first(where: { lower.hasSuffix($0.0) }),
                let number = Int(lower.dropLast(ending.count)), number >= 0, number <= Int.max >> 31,
                range.contains(number << shift)
            else {
                throw WSManValueError(
                    "it takes bytes\(example(in: range)), from \(range.lowerBound) to \(range.upperBound)"
                )
            }
            return number << shift
        } write: {
            String($0)
        }
    }
}

extension WSManForm<UInt16> {
    static let port = WSManForm { (text) throws(WSManValueError) in
        guard let port = UInt16(text), port > 0 else { throw WSManValueError("it takes a number from 1 to 65535") }
        return port
    } write: {
        String($0)
    }
}

extension WSManForm<Duration> {
    /// Milliseconds, as New-PSSessionOption takes them, or a number with a unit: 500ms, 30s, 5m, 1h.
    static func time(from least: Duration) -> WSManForm {
        WSManForm { (text) throws(WSManValueError) in
            let units: [(String, Int64)] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("", 1)]
            let lower = text.lowercased()
            guard let (ending, size) = units.first(where: { lower.hasSuffix($0.0) }),
                let number = Int64(lower.dropLast(ending.count)), number <= Int64(Int32.max),
                case let milliseconds = number * size, milliseconds <= Int64(Int32.max),
                Duration.milliseconds(milliseconds) >= least
            else {
                throw WSManValueError(
                    "it takes milliseconds, or a number with a unit such as 30s, from \(milliseconds(least)) on, and no more than "
                        + "\(Int32.max) ms"
                )
            }
            return .milliseconds(milliseconds)
        } write: {
            milliseconds($0)
        }
    }

    private static func milliseconds(_ time: Duration) -> String { "\(Int64(time / .milliseconds(1)))ms" }
}

extension WSManForm<String> {
    /// One line that is not empty.
    static let text = WSManForm { (text) throws(WSManValueError) in
        guard !text.isEmpty, !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw WSManValueError("it takes a text without control characters")
        }
        return text
    } write: {
        $0
    }

    /// A file or folder of this computer.
    static let path = text

    /// A language tag, as RFC 5646 writes it.
    static let culture = WSManForm { (text) throws(WSManValueError) in
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let isTag = parts.allSatisfy {
            (1...8).contains($0.count) && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        }
        guard isTag, parts.count <= 8, (2...3).contains(parts.first?.count ?? 0) else {
            throw WSManValueError("it takes a language such as en-US")
        }
        return text
    } write: {
        $0
    }

    /// A certificate's SHA-1 as Windows shows it, with or without blanks.
    static let thumbprint = WSManForm { (text) throws(WSManValueError) in
        // What is copied from Windows's window begins with a sign that nobody sees.
        let digits = text.unicodeScalars.filter { !$0.properties.isWhitespace && $0 != "\u{200E}" && $0 != ":" }
        guard digits.allSatisfy(\.properties.isASCIIHexDigit), digits.count == 40 else {
            throw WSManValueError("it takes the 40 digits that Windows shows as a certificate's thumbprint")
        }
        return String(String.UnicodeScalarView(digits)).uppercased()
    } write: {
        $0
    }

    /// How a proxy is found: on this computer there is only the way without one.
    static let proxyAccess = WSManForm { (text) throws(WSManValueError) in
        switch text.lowercased() {
        case "none": return "None"
        case "noproxyserver": return "NoProxyServer"
        case "ieconfig", "winhttpconfig", "autodetect":
            throw WSManValueError("its settings are Windows's own; name the proxy with Proxy=http://HOST:PORT")
        default: throw WSManValueError("it takes None or NoProxyServer")
        }
    } write: {
        $0
    }
}

extension WSManForm<WSManAuthentication> {
    static let authentication = WSManForm { (text) throws(WSManValueError) in
        let names = WSManAuthentication.allCases
        guard let found = names.first(where: { $0.rawValue.lowercased() == text.lowercased() }) else {
            throw WSManValueError("it takes \(listed(names.map(\.rawValue)))" + habit(text))
        }
        return found
    } write: {
        $0.rawValue
    }

    /// What people bring from other clients.
    private static func habit(_ text: String) -> String {
        switch text.lowercased() {
        case "ntlm": ". NTLM is what Negotiate takes for DOMAIN\\USER and USER; Kerberos rules it out"
        case "ssl", "plaintext": ". What other clients call so is Basic"
        case "certificate": ". A certificate is -CertificateThumbprint, without -Authentication"
        default: ""
        }
    }
}

extension WSManForm<WSManRedirectionHost> {
    static let redirection = WSManForm { (text) throws(WSManValueError) in
        do throws(WSManParameterError) {
            return try WSManRedirectionHost.parse(text)
        } catch {
            throw WSManValueError("it takes HOST, *.DOMAIN, or https://HOST")
        }
    } write: {
        $0.text
    }
}

extension WSManForm<WSManTarget.Proxy> {
    static let proxy = WSManForm { (text) throws(WSManValueError) in
        let whole = text.contains("://") ? text : "http://\(text)"
        guard whole.lowercased().hasPrefix("http://"), let url = try? WSManURL.parse(whole),
            url.target == WSManURL.standardPath
        else { throw WSManValueError("it takes a proxy's address, such as http://proxy:3128, without a user") }
        return WSManTarget.Proxy(host: url.host, port: url.port)
    } write: {
        "http://\($0.shown)"
    }
}

extension WSManForm<WSManTarget.ApplicationArgument> {
    /// `NAME=VALUE`.
    static let argument = WSManForm { (text) throws(WSManValueError) in
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, parts[0].lowercased() != "psversiontable" else {
            throw WSManValueError("it takes NAME=VALUE, and PSVersionTable is the client's own")
        }
        return WSManTarget.ApplicationArgument(name: String(parts[0]), value: String(parts[1]))
    } write: {
        "\($0.name)=\($0.value)"
    }
}
