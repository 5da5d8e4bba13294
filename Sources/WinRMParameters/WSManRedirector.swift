/// Follows a server's word that the service is elsewhere, as far as somebody allowed it.
package struct WSManRedirector: Sendable {
    /// Where to go next.
    package struct Step: Sendable, Hashable {
        package var target: WSManTarget
        /// To be told before anything is sent there.
        package var warning: String
    }

    private let origin: WSManTarget
    private var current: WSManTarget
    private var count = 0

    package init(_ target: WSManTarget) {
        origin = target
        current = target
    }

    /// Decides on a location that a server named. A relative one is of the host that was asked.
    ///
    /// A host or a scheme that was not named gets no credentials, and nothing else either: a session without them is not
    /// what was asked for. Source: PowerShell 7.6 follows five at most, and warns of each.
    package mutating func redirected(to location: String) throws(WSManParameterError) -> Step {
        let shown = presentable(withoutUser(Substring(location)))
        guard origin.redirection.most > 0 else {
            throw WSManParameterError(
                .redirected,
                "the service says that it is at '\(shown)'. Enter it there with -ConnectionUri, or let psrun "
                    + "follow with -AllowRedirection."
            )
        }
        count += 1
        guard count <= origin.redirection.most else {
            throw WSManParameterError(
                .tooManyRedirections,
                "the service was said to be elsewhere \(count) times, last at '\(shown)', and "
                    + "MaximumRedirection allows \(origin.redirection.most). Enter it where it is."
            )
        }
        let url = try address(location, shown)
        guard isAllowed(url) else {
            throw WSManParameterError(
                .redirectedElsewhere,
                "the service says that it is at '\(shown)', which is another host or scheme: credentials go "
                    + "there only where you say so. If it is right, add --redirect-to \(Self.named(url, origin.url))."
            )
        }
        if url.host.lowercased() != current.url.host.lowercased() { current.service.host = url.name }
        if current.service.port != nil { current.service.port = url.port }
        current.url = url
        return Step(
            target: current,
            warning: "Your connection has been redirected to the following URI: \"\(url.text)\""
        )
    }

    private func address(_ location: String, _ shown: String) throws(WSManParameterError) -> WSManURL {
        let isRooted = location.hasPrefix("/") && !location.hasPrefix("//")
        let whole =
            isRooted
            ? "\(current.url.scheme.rawValue)://\(current.url.host.bracketed):\(current.url.port)\(location)" : location
        do throws(WSManParameterError) {
            return try WSManURL.parse(whole)
        } catch {
            throw WSManParameterError(
                .invalidRedirection,
                "the service says that it is elsewhere, and not where: \(error.text)"
            )
        }
    }

    private func isAllowed(_ url: WSManURL) -> Bool {
        let isSame = url.scheme == origin.url.scheme && url.host.lowercased() == origin.url.host.lowercased()
        return isSame || origin.redirection.allowed.contains { $0.covers(url, from: origin.url) }
    }

    private static func named(_ url: WSManURL, _ origin: WSManURL) -> String {
        url.scheme == origin.scheme ? url.host : "\(url.scheme.rawValue)://\(url.host)"
    }
}
