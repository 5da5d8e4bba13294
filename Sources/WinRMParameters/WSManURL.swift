/// The address of a WS-Management service: what is connected to, and what requests are addressed to.
package struct WSManURL: Sendable, Hashable {
    package enum Scheme: String, Sendable, Hashable {
        case http, https

        /// Where a service listens whose URL names no port.
        package var standardPort: UInt16 { self == .http ? 80 : 443 }

        /// Where WinRM listens.
        package var remotingPort: UInt16 { self == .http ? 5985 : 5986 }
    }

    package let scheme: Scheme
    /// A name, an IPv4 address, or an IPv6 address without brackets, its zone included: what a resolver takes.
    package let host: String
    package let port: UInt16
    /// From the first slash on, with the query: the request target of HTTP.
    package let target: String

    package static let standardPath = "/wsman"
    /// In bytes, of a whole URL: a header has little more room.
    package static let longest = 2_048

    init(_ scheme: Scheme, host: String, port: UInt16, target: String) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.target = target
    }

    package var isTLS: Bool { scheme == .https }

    /// The host without a zone, which means something on this computer alone: for certificates and tickets.
    package var name: String { String(host.prefix { $0 != "%" }) }

    /// The value of HTTP's Host header: without the port where it is the scheme's own.
    package var authority: String {
        port == scheme.standardPort ? name.bracketed : "\(name.bracketed):\(port)"
    }

    /// The whole, as `wsa:To` has it.
    package var text: String { "\(scheme.rawValue)://\(authority)\(target)" }
}

extension WSManURL: CustomStringConvertible {
    package var description: String { text }
}

extension WSManURL {
    /// The service of a computer, as -ComputerName and its companions name it.
    ///
    /// Source: WSManConnectionInfo.ConstructUri of PowerShell 7.6.
    /// - Parameters:
    ///   - computer: a name or an address; `.` is this computer.
    ///   - port: nil for WinRM's own, 5985 or 5986.
    ///   - path: nil or empty for `/wsman`.
    package static func ofComputer(
        _ computer: String,
        usesTLS: Bool,
        port: UInt16?,
        path: String?
    ) throws(WSManParameterError) -> WSManURL {
        let scheme = usesTLS ? Scheme.https : .http
        let host = try computerName(computer)
        let given = path.flatMap { $0.isEmpty ? nil : $0 } ?? standardPath
        let rooted = given.hasPrefix("/") ? given : "/" + given
        return WSManURL(
            scheme,
            host: host,
            port: port ?? scheme.remotingPort,
            target: escaped(rooted, keeping: pathSigns)
        )
    }

    /// A computer's name as -ComputerName takes it.
    package static func computerName(_ text: String) throws(WSManParameterError) -> String {
        let trimmed = String(trimmingBlanks(text))
        if trimmed == "." { return "localhost" }
        if let host = WSManHost.plain(trimmed) { return host }
        let hint: String
        if trimmed.contains("://") {
            hint = "an address is given with -ConnectionUri"
        } else if trimmed.contains("@") {
            hint = "the user is given with -Credential"
        } else if let colon = trimmed.firstIndex(of: ":"), UInt16(trimmed[trimmed.index(after: colon)...]) != nil {
            hint = "the port is given with -Port"
        } else if trimmed.utf8.contains(where: { $0 > 0x7F }) {
            hint = "a name outside of ASCII is written as DNS has it, xn--…"
        } else {
            hint = "it takes the name or the address of one computer"
        }
        throw WSManParameterError(
            .invalidComputerName,
            "'\(presentable(trimmed))' is not a computer's name: \(hint)."
        )
    }

    /// The service at an address, as -ConnectionUri and a redirection name it: as it is given, but for `/wsman` where
    /// nothing follows the host.
    ///
    /// Source: WSManConnectionInfo.UpdateUri of PowerShell 7.6.
    package static func parse(_ given: String) throws(WSManParameterError) -> WSManURL {
        let text = trimmingBlanks(given)
        func refuse(_ code: WSManParameterError.Code, _ why: String) -> WSManParameterError {
            WSManParameterError(code, "'\(presentable(withoutUser(text)))' is not the address of a service: \(why).")
        }
        guard text.utf8.count <= longest else { throw refuse(.invalidURI, "it is longer than \(longest) bytes") }
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw refuse(.invalidURI, "it has a control character")
        }
        guard let colon = text.firstRange(of: "://") else {
            throw refuse(.relativeURI, "write it whole, such as https://srv01:5986/wsman")
        }
        guard let scheme = Scheme(rawValue: text[..<colon.lowerBound].lowercased()) else {
            throw refuse(.invalidScheme, "its scheme is http or https")
        }
        let authority = text[colon.upperBound...].prefix { !"/?#\\".contains($0) }
        let rest = text[authority.endIndex...]
        guard !authority.contains("@") else {
            throw refuse(.invalidURI, "a user stands in -Credential, and a password in no address")
        }
        guard !rest.contains("#") else { throw refuse(.invalidURI, "it has a fragment") }
        let (host, port) = try hostAndPort(authority, refuse)
        return WSManURL(scheme, host: host, port: port ?? scheme.standardPort, target: target(rest))
    }

    private static func hostAndPort(
        _ authority: Substring,
        _ refuse: (WSManParameterError.Code, String) -> WSManParameterError
    ) throws(WSManParameterError) -> (String, UInt16?) {
        var (host, digits) = (authority, nil as Substring?)
        if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
            (host, digits) = (authority[..<colon], authority[authority.index(after: colon)...])
        }
        guard host.hasPrefix("[") || !host.contains(":"), let name = WSManHost.plain(host) else {
            throw refuse(.invalidURI, "'\(presentable(host))' is neither a host name nor an address")
        }
        guard let digits, !digits.isEmpty else { return (name, nil) }
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let port = UInt16(digits), port > 0
        else { throw refuse(.portOutOfRange, "a port is a number from 1 to 65535") }
        return (name, port)
    }

    private static func target(_ rest: Substring) -> String {
        guard let query = rest.firstIndex(of: "?") else {
            return rest.isEmpty || rest == "/" ? standardPath : escaped(rest, keeping: pathSigns)
        }
        let path = rest[..<query]
        return (path.isEmpty ? "/" : escaped(path, keeping: pathSigns)) + escaped(rest[query...], keeping: querySigns)
    }

    /// The same with what PowerShell's client says of itself, by which a server chooses what to start.
    ///
    /// Source: WSManClientSessionTransportManager.Initialize; `POST /wsman?PSVersion=7.6.9` in pwsh-client-omi.
    package var naming: WSManURL {
        var path = target[...]
        let separator = path.contains("?") ? ";" : "?"
        if separator == "?" { while path.count > 1, path.last == "/" { path.removeLast() } }
        return WSManURL(scheme, host: host, port: port, target: "\(path)\(separator)PSVersion=\(Self.clientVersion)")
    }

    /// The client whose traffic was followed.
    private static let clientVersion = "7.6.9"
    private static let pathSigns = "-._~!$&'()*+,;=:@/%"
    private static let querySigns = pathSigns + "?"

    /// What a URL may not have by itself, as UTF-8 in percents. What stands so already stays.
    private static func escaped(_ text: some StringProtocol, keeping signs: String) -> String {
        var escaped: [UInt8] = []
        for byte in text.utf8 {
            let isPlain =
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || signs.utf8.contains(byte)
            if isPlain {
                escaped.append(byte)
            } else if byte == UInt8(ascii: "\\") {
                escaped.append(UInt8(ascii: "/"))
            } else {
                let digits = Array("0123456789ABCDEF".utf8)
                escaped += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }
}

extension String {
    /// A host as it stands in a URL: an IPv6 address in brackets, its zone included (RFC 3986, 3.2.2; RFC 6874).
    var bracketed: String { contains(":") ? "[\(self)]" : self }
}
