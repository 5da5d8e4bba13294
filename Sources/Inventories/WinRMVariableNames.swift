extension InventoryTarget.Transport {
    /// Which variables of an inventory set what psrun's options set, for those that a text names: a sentence; empty where it
    /// names none of them.
    /// - Parameter text: an error's, for a host that is entered over WinRM.
    package func variables(for text: String) -> String {
        let prefix = "ansible_\(rawValue)_"
        let isPSRP = self == .psrp
        let names = [
            ("-UseSSL", prefix + (isPSRP ? "protocol=https" : "scheme=https")),
            ("-Authentication", prefix + (isPSRP ? "auth" : "transport")),
            ("-Credential", "ansible_user"), ("--password-file", "ansible_password"),
            ("-CertificateThumbprint", prefix + (isPSRP ? "certificate_pem" : "cert_pem")),
            ("-SessionOption NoEncryption", prefix + "message_encryption=never"),
        ]
        let said = names.filter { text.contains($0.0) }.map { "\($0.0) is \($0.1)" }
        return said.isEmpty ? "" : "In the inventory \(said.joined(separator: ", "))."
    }
}
