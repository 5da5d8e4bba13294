/// What `-Authentication` asks for, by PowerShell's names (System.Management.Automation, AuthenticationMechanism).
package enum AskedAuthentication: String, Sendable, Hashable, CaseIterable {
    /// Negotiate; the certificate where one is named.
    case `default` = "Default"
    case basic = "Basic"
    case negotiate = "Negotiate"
    /// Negotiate as whoever runs psrun: here, whoever the Kerberos tickets of the credential cache belong to.
    case negotiateWithImplicitCredential = "NegotiateWithImplicitCredential"
    case credSSP = "Credssp"
    case digest = "Digest"
    case kerberos = "Kerberos"
}
