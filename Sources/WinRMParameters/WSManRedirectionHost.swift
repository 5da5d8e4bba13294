/// A host to which a server may send a client with its credentials: `[SCHEME://]HOST`, where HOST may begin with `*.`.
package struct WSManRedirectionHost: Sendable, Hashable {
    /// nil for the scheme that one came by.
    package let scheme: WSManURL.Scheme?
    /// Lower case. All hosts below it where it is a domain.
    package let host: String
    package let isDomain: Bool

    package static func parse(_ text: String) throws(WSManParameterError) -> WSManRedirectionHost {
        func refuse() -> WSManParameterError {
            WSManParameterError(
                .invalidURI,
                "'\(presentable(text))' is not a host to be sent to: it takes HOST, *.DOMAIN, or https://HOST."
            )
        }
        var (rest, scheme) = (Substring(text), nil as WSManURL.Scheme?)
        if let colon = text.firstRange(of: "://") {
            guard let named = WSManURL.Scheme(rawValue: text[..<colon.lowerBound].lowercased()) else { throw refuse() }
            (rest, scheme) = (text[colon.upperBound...], named)
        }
        let isDomain = rest.hasPrefix("*.")
        if isDomain { rest = rest.dropFirst(2) }
        guard let host = WSManHost.plain(rest) else { throw refuse() }
        return WSManRedirectionHost(scheme: scheme, host: host.lowercased(), isDomain: isDomain)
    }

    package var text: String { (scheme.map { "\($0.rawValue)://" } ?? "") + (isDomain ? "*." : "") + host }

    /// - Parameter origin: where the session was to be entered.
    func covers(_ url: WSManURL, from origin: WSManURL) -> Bool {
        guard url.scheme == scheme ?? origin.scheme else { return false }
        let name = url.host.lowercased()
        return isDomain ? name.hasSuffix("." + host) : name == host
    }
}
