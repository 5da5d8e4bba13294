/// Why parameters of WinRM cannot stand as they were given.
package struct WSManParameterError: Error, Sendable, Hashable {
    /// PowerShell's own name for the error where it has one, so that what is written about it can be found.
    package enum Code: String, Sendable, Hashable, CaseIterable {
        case invalidComputerName = "PSSessionInvalidComputerName"
        case relativeURI = "RelativeUriForRunspacePathNotSupported"
        case invalidScheme = "InvalidSchemeValue"
        case portOutOfRange = "PortIsOutOfRange"
        case ambiguousAuthentication = "NewRunspaceAmbiguousAuthentication"
        case credentialRequired = "AuthenticationMechanismRequiresCredential"
        case basicOverHTTP = "BasicAuthOverHttpNotSupported"
        case redirected = "URIRedirectionReported"
        case invalidRedirection = "RedirectedURINotWellFormatted"

        case invalidURI = "WSManURIInvalid"
        case invalidUser = "WSManUserInvalid"
        case certificateOverHTTP = "WSManCertificateOverHttp"
        case delegationOverHTTP = "WSManCredSSPOverHttp"
        case notSealed = "WSManNotSealed"
        case proxyOverHTTP = "WSManProxyOverHttp"
        case unknownOption = "WSManOptionUnknown"
        case refusedOption = "WSManOptionRefused"
        case invalidOption = "WSManOptionInvalid"
        case tooManyRedirections = "WSManRedirectionsExceeded"
        case redirectedElsewhere = "WSManRedirectedElsewhere"

        /// Whether PowerShell calls it so as well.
        package var isOfPowerShell: Bool { !rawValue.hasPrefix("WSMan") }
    }

    package let code: Code
    /// Whole sentences for a person, with the way out, without secrets.
    package let text: String
    /// What a setting takes, where its value is none: a sentence without full stop, for whoever names setting and value.
    package let reason: String?

    package init(_ code: Code, _ text: String, reason: String? = nil) {
        self.code = code
        self.text = text
        self.reason = reason
    }

    /// The text, and behind it PowerShell's name for it.
    package var message: String { code.isOfPowerShell ? "\(text) (\(code.rawValue))" : text }
}
