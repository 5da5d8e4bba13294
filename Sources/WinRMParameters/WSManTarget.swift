/// All that a connection over WS-Management must know of its target. It holds no secret, and a way in is made from it alone.
package struct WSManTarget: Sendable, Hashable {
    /// What results, messages and recordings call it, and by what its password is asked for.
    package var displayName: String
    /// What is connected to. Requests are addressed to `url.naming`.
    package var url: WSManURL
    /// The session configuration: `http://schemas.microsoft.com/powershell/Microsoft.PowerShell`.
    package var resourceURI: String
    package var login: WSManLogin
    /// What a ticket is asked for.
    package var service: Service
    package var tls: TLS
    /// Whether messages are sealed by what logged in. On https, TLS does it.
    package var isSealed: Bool
    package var redirection: Redirection
    /// nil for none; the environment is not asked.
    package var proxy: Proxy?
    package var options: Options
}

extension WSManTarget {
    /// A service's principal: `host/srv01`.
    package struct Service: Sendable, Hashable {
        package var name: String
        package var host: String
        /// nil where the port is not part of it.
        package var port: UInt16?

        /// As a message shows it.
        package var principal: String { "\(name)/\(host)" + (port.map { ":\($0)" } ?? "") }
    }

    /// What https checks, and what it shows.
    package struct TLS: Sendable, Hashable {
        /// Whether the server's certificate must lead to a trusted authority.
        package var checksAuthority = true
        /// Whether it must be the host's.
        package var checksName = true
        /// Whether revocation lists count that lie in the file of authorities; nobody is asked for any.
        package var looksAtRevocationLists = true
        /// A PEM file of trusted authorities, in place of the system's.
        package var trustFile: String?
        package var clientCertificate: ClientCertificate?
    }

    /// Which certificate a client shows.
    package enum ClientCertificate: Sendable, Hashable {
        /// That of a store, by its SHA-1 in upper-case hexadecimal digits, as Windows shows it.
        /// - Parameter store: the folder; nil for the standard one.
        case thumbprint(String, store: String?)
        /// PEM files.
        case files(certificate: String, key: String)
    }

    /// Where a server may send a client.
    package struct Redirection: Sendable, Hashable {
        /// How many times; 0 for never.
        package var most: Int
        /// Where credentials may go besides the host and scheme that were named.
        package var allowed: [WSManRedirectionHost]
    }

    /// A proxy that connects to the server (HTTP's CONNECT).
    package struct Proxy: Sendable, Hashable {
        package var host: String
        package var port: UInt16

        /// As people read it.
        package var shown: String { "\(host.bracketed):\(port)" }
    }

    /// What a session is to be like.
    package struct Options: Sendable, Hashable {
        /// The language of messages, and of dates and numbers: `w:Locale`, `p:DataLocale`.
        package var uiCulture = "en-US"
        package var culture = "en-US"
        /// WINRS_NOPROFILE.
        package var skipsProfile = false
        /// From a Signal or a Delete to its answer.
        package var cancelTimeout = Duration.seconds(60)
        /// An operation's own limit, but for Receive, which waits on.
        package var operationTimeout = Duration.seconds(180)
        /// How long a server keeps a session of which it hears nothing; nil for its own time.
        package var idleTimeout: Duration?
        /// Bytes of an envelope; nil for what the server takes.
        package var envelopeBytes: Int?
        /// Bytes of one object that is taken; nil for psrun's own bound.
        package var receivedObjectBytes: Int?
        /// From the first system call to an opened pool, where -ConnectingTimeout does not say less; nil where it was not given.
        package var openTimeout: Duration?
        /// What the far side finds in $PSSenderInfo.ApplicationArguments.
        package var applicationArguments: [ApplicationArgument] = []
    }

    package struct ApplicationArgument: Sendable, Hashable {
        package var name: String
        package var value: String
    }
}
