/// A certificate's name on Windows: the SHA-1 of its DER form.
package struct Thumbprint: Sendable, Hashable, CustomStringConvertible {
    /// Forty hexadecimal digits, in upper case.
    package let text: String

    /// - Parameter text: forty hexadecimal digits, in either case, as dialogs show them: with blanks or colons, and with the
    ///   invisible mark that comes along when one is copied from a Windows dialog.
    /// - Throws: CertificateStoreFailure, notAThumbprint.
    package init(_ text: String) throws(CertificateStoreFailure) {
        let ignored: Set<Unicode.Scalar> = [" ", ":", "\u{200E}", "\u{FEFF}", "\u{A0}"]
        let digits = text.unicodeScalars.filter { !ignored.contains($0) }
        guard digits.count == 40, digits.allSatisfy({ $0.isASCII && Character($0).isHexDigit }) else {
            throw CertificateStoreFailure(
                .notAThumbprint,
                "'\(text)' is not a certificate's thumbprint: forty hexadecimal digits, as `openssl x509 -noout -fingerprint "
                    + "-sha1 -in FILE` prints them."
            )
        }
        self.text = String(String.UnicodeScalarView(digits)).uppercased()
    }

    package var description: String { text }
}
