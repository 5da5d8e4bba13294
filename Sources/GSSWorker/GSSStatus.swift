import CGSSAPI

/// What a call of GSSAPI's ended with.
struct GSSStatus {
    let major: OM_uint32
    let minor: OM_uint32
    /// Whose words the minor status has.
    let mechanism: gss_OID?

    init(_ major: OM_uint32, _ minor: OM_uint32, _ mechanism: gss_OID?) {
        self.major = major
        self.minor = minor
        self.mechanism = mechanism
    }

    /// - Parameters:
    ///   - code: what it is, where the minor status does not tell better.
    ///   - what: what was being done, as the beginning of a sentence.
    func failure(_ code: GSSFailure.Code, _ what: String) -> GSSFailure {
        let general = text(of: major, GSS_C_GSS_CODE)
        let special = minor == 0 ? "" : text(of: minor, GSS_C_MECH_CODE)
        // gss-ntlmssp has no words for what it is not the first to notice.
        let isVague = special.isEmpty || special.lowercased().hasPrefix("unknown error")
        let reason = isVague ? general : special
        let known = KerberosReason(minor: Int32(bitPattern: minor), words: reason)
        let message = ["\(what): \(reason).", known?.advice].compactMap(\.self).joined(separator: " ")
        return GSSFailure(known?.code ?? code, message)
    }

    /// Without the full stop that some libraries end it with.
    private func text(of status: OM_uint32, _ kind: Int32) -> String {
        var parts: [String] = []
        var context: OM_uint32 = 0
        // A status has a few parts at most.
        for _ in 0..<8 {
            var ignored: OM_uint32 = 0
            var buffer = gss_buffer_desc()
            guard psrun_gss_failed(gss_display_status(&ignored, status, kind, mechanism, &context, &buffer)) == 0 else {
                break
            }
            parts.append(String(decoding: GSSBytes.taken(&buffer), as: UTF8.self))
            if context == 0 { break }
        }
        let text = parts.joined(separator: "; ")
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }
}

/// What Kerberos's more frequent errors mean for whoever meets them (krb5/krb5.h; RFC 4120, section 7.5.9).
private struct KerberosReason {
    let code: GSSFailure.Code?
    let advice: String

    /// - Parameter words: what the library says of it: behind SPNEGO numbers are its own, and the words are Kerberos's.
    init?(minor: Int32, words: String) {
        let isOfServer = words.hasPrefix("Server ") && words.hasSuffix("not found in Kerberos database")
        switch isOfServer ? KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN : Int(minor) {
        case KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN:
            code = .credentialRefused
            advice = "The realm has no such user. Realms are usually written in capitals."
        case KRB5KDC_ERR_CLIENT_REVOKED:
            code = .credentialRefused
            advice = "The account is locked or disabled."
        case KRB5KDC_ERR_KEY_EXP:
            code = .credentialRefused
            advice = "The password has expired."
        case KRB5KDC_ERR_PREAUTH_FAILED, KRB5KRB_AP_ERR_BAD_INTEGRITY:
            code = .credentialRefused
            advice = "The password is wrong, most likely."
        case KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN:
            code = nil
            advice = "Use the name that the server has in its realm: not an alias, and not an address."
        case KRB5KRB_AP_ERR_SKEW:
            code = nil
            advice = "The clocks of this machine and of the KDC differ too much."
        case KRB5_KDC_UNREACH, KRB5_REALM_UNKNOWN, KRB5_REALM_CANT_RESOLVE, KRB5_CONFIG_NODEFREALM:
            code = nil
            advice = "See whether krb5.conf, or the name servers, know the realm's KDC, and whether that answers."
        case KRB5_FCC_NOFILE, KRB5_CC_NOTFOUND:
            code = .noCredential
            advice = "Get tickets with kinit, or give -Credential."
        default:
            return nil
        }
    }
}
