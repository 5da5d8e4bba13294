import COpenSSL
import Glibc

/// A host as its certificate names it: a name, or an address.
struct PeerName: Sendable, Hashable {
    /// Without brackets, zone and dot at its end.
    let text: String
    let isAddress: Bool
    /// As the user gave it.
    let shown: String

    /// - Parameter host: `srv01.example.`, `10.0.0.5`, `fe80::1%eth0` or `[::1]`.
    init(_ host: String) {
        shown = host
        var text = host[...]
        if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
        let plain = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false).first ?? text
        if Self.isAddress(String(plain)) {
            self.text = String(plain)
            isAddress = true
        } else {
            self.text = String(text.hasSuffix(".") ? text.dropLast() : text)
            isAddress = false
        }
    }

    /// Has a connection ask for this host, and check that the certificate is for it.
    /// - Returns: whether OpenSSL takes it as a name.
    func apply(to connection: OpaquePointer, isChecked: Bool) -> Bool {
        // RFC 6066, 3: an address is not a server name.
        guard isAddress || psrun_tls_set_server_name(connection, text) == 1 else { return false }
        guard isChecked else { return true }
        SSL_set_hostflags(connection, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        if isAddress { return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(connection), text) == 1 }
        return SSL_set1_host(connection, text) == 1
    }

    private static func isAddress(_ text: String) -> Bool {
        var bytes = in6_addr()
        return inet_pton(AF_INET, text, &bytes) == 1 || inet_pton(AF_INET6, text, &bytes) == 1
    }
}
