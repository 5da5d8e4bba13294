/// What somebody says of the way into computers over WS-Management: the companions of -ComputerName and -ConnectionUri, and
/// what New-PSSessionOption and inventories have. What is nil was not said.
package struct WSManParameters: Sendable, Hashable {
    // MARK: Enter-PSSession's

    package var port: UInt16?
    package var usesTLS: Bool?
    package var applicationName: String?
    package var configurationName: String?
    package var authentication: WSManAuthentication?
    /// -Credential's user.
    package var user: String?
    package var thumbprint: String?
    package var enablesNetworkAccess: Bool?
    package var allowsRedirection: Bool?

    // MARK: New-PSSessionOption's

    package var maximumRedirection: Int?
    package var noCompression: Bool?
    package var noMachineProfile: Bool?
    package var culture: String?
    package var uiCulture: String?
    package var maximumReceivedObjectSize: Int?
    package var applicationArguments: [WSManTarget.ApplicationArgument] = []
    package var openTimeout: Duration?
    package var cancelTimeout: Duration?
    package var idleTimeout: Duration?
    package var operationTimeout: Duration?
    package var proxyAccessType: String?
    package var skipsCACheck: Bool?
    package var skipsCNCheck: Bool?
    package var skipsRevocationCheck: Bool?
    package var noEncryption: Bool?
    package var includesPortInSPN: Bool?

    // MARK: psrun's

    /// A proxy's address, `http://HOST:PORT`.
    package var proxy: WSManTarget.Proxy?
    /// Where credentials may go when a server sends a client elsewhere.
    package var redirectionHosts: [WSManRedirectionHost] = []
    /// Whether a password may cross the network for all to read.
    package var allowsBasicOverHTTP: Bool?
    /// Whether a password may go to a server that nothing but CredSSP itself proved.
    package var allowsCredSSPOverHTTP: Bool?
    /// Whether NTLM will do for a user of a realm; nil leaves it to the user's form.
    package var allowsNTLM: Bool?
    package var certificateStore: String?
    package var certificateFile: String?
    package var certificateKeyFile: String?
    package var trustFile: String?
    package var serviceName: String?
    package var serviceHost: String?
    package var maximumEnvelopeSize: Int?

    package init() {}
}
