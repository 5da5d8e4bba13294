import CGSSAPI
import MessageSeal
import WinRMAuth

/// A security context of GSSAPI's: the one owner of its pointer. One thread at a time uses it; GSSSecurityContext sees to
/// that.
final class GSSContextHandle: @unchecked Sendable {
    private let form: GSSCredential.Form
    private let allowed: [SecurityMechanism]
    private let service: ServicePrincipal
    private let channelBinding: [UInt8]?
    private let told: String
    /// Acquired before the first step.
    var credential: GSSCredentialHandle?
    private var raw: gss_ctx_id_t?
    private(set) var mechanism: SecurityMechanism?
    private var isComplete = false

    /// Mutual proof, messages in their order and once, sealed.
    private static let flags = OM_uint32(
        GSS_C_MUTUAL_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG
    )
    /// NTLM's signature, which stands before what it seals (MS-NLMP, 2.2.2.9).
    private static let signatureLength = 16

    init(_ credential: GSSCredential, service: ServicePrincipal, channelBinding: [UInt8]?) {
        form = credential.form
        allowed = credential.mechanisms
        told = credential.told
        self.service = service
        self.channelBinding = channelBinding
    }

    deinit {
        var minor: OM_uint32 = 0
        if raw != nil { gss_delete_sec_context(&minor, &raw, nil) }
    }

    // MARK: Steps

    /// Blocks while a KDC is asked.
    /// - Throws: GSSFailure.
    func step(_ input: [UInt8]?) throws(GSSFailure) -> GSSSecurityContext.Step {
        // Without one GSSAPI would take whichever this machine has.
        guard let credential else { throw GSSFailure(.noCredential, "\(told): nobody has logged in.") }
        let name = try targetName()
        var (minor, flags): (OM_uint32, OM_uint32) = (0, 0)
        var actual: gss_OID?
        var output = gss_buffer_desc()
        let major = GSSBytes.withBuffer(input ?? []) { input in
            withBinding { binding in
                gss_init_sec_context(
                    &minor,
                    credential.raw,
                    &raw,
                    name.raw,
                    form == .kerberos ? psrun_gss_krb5() : psrun_gss_spnego(),
                    Self.flags,
                    0,
                    binding,
                    input,
                    &actual,
                    &output,
                    &flags,
                    nil
                )
            }
        }
        let token = GSSBytes.taken(&output)
        guard psrun_gss_failed(major) == 0 else {
            throw GSSStatus(major, minor, form == .kerberos ? psrun_gss_krb5() : psrun_gss_spnego())
                .failure(.contextRefused, "\(told): no login to \(service)")
        }
        isComplete = psrun_gss_goes_on(major) == 0
        if isComplete { try check(flags, actual) }
        return GSSSecurityContext.Step(output: token.isEmpty ? nil : token, isComplete: isComplete)
    }

    /// Kerberos takes names as they are written: what name servers make of them would be another server than the one that
    /// was asked for. NTLM knows hosts' services alone, and has no use for their names.
    private func targetName() throws(GSSFailure) -> GSSName {
        guard allowed == [.kerberos] else { return try GSSName(service.hostBased, psrun_gss_host_service()) }
        var realm = [CChar](repeating: 0, count: 512)
        let failure = psrun_krb5_host_realm(service.host.lowercased(), &realm, realm.count)
        guard failure == 0 else {
            throw GSSStatus(0, OM_uint32(bitPattern: failure), psrun_gss_krb5())
                .failure(.contextRefused, "Kerberos's configuration cannot be used")
        }
        // Without a realm the KDC of the user's says which it is.
        return try GSSName("\(service)@\(String(filled: realm))", psrun_gss_krb5_principal())
    }

    private func withBinding<Result>(_ body: (gss_channel_bindings_t?) -> Result) -> Result {
        guard let channelBinding else { return body(nil) }
        return GSSBytes.withBuffer(channelBinding) { data in
            var binding = gss_channel_bindings_struct()
            binding.application_data = data.pointee
            return body(&binding)
        }
    }

    /// What was agreed on is what was asked for, or the context is not used.
    private func check(_ flags: OM_uint32, _ actual: gss_OID?) throws(GSSFailure) {
        mechanism = psrun_gss_same(actual, psrun_gss_ntlm()) != 0 ? .ntlm : .kerberos
        // NTLM has no proof of the server's.
        let needed = GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG | (mechanism == .kerberos ? GSS_C_MUTUAL_FLAG : 0)
        guard flags & OM_uint32(needed) == OM_uint32(needed) else {
            throw GSSFailure(
                .contextRefused,
                "\(told): \(service) agrees to no sealing of messages, or does not prove itself."
            )
        }
        guard let mechanism, allowed.contains(mechanism) else {
            throw GSSFailure(.contextRefused, "\(told): \(service) chose a mechanism that is not allowed.")
        }
    }

    // MARK: Messages

    /// Seals in two parts, as WinRM has them: Kerberos's by the mechanism, NTLM's behind its signature.
    /// - Throws: GSSFailure.
    func seal(_ plain: [UInt8]) throws(GSSFailure) -> SealedPiece {
        guard isComplete else { throw Self.early }
        var data = plain
        var (minor, isSealed): (OM_uint32, Int32) = (0, 0)
        var parts = [gss_iov_buffer_desc](repeating: gss_iov_buffer_desc(), count: 3)
        let major = data.withUnsafeMutableBytes { memory in
            parts[0].type = OM_uint32(GSS_IOV_BUFFER_TYPE_HEADER | GSS_IOV_BUFFER_FLAG_ALLOCATE)
            parts[1].type = OM_uint32(GSS_IOV_BUFFER_TYPE_DATA)
            parts[1].buffer = gss_buffer_desc(length: memory.count, value: memory.baseAddress)
            parts[2].type = OM_uint32(GSS_IOV_BUFFER_TYPE_PADDING | GSS_IOV_BUFFER_FLAG_ALLOCATE)
            return gss_wrap_iov(&minor, raw, 1, gss_qop_t(GSS_C_QOP_DEFAULT), &isSealed, &parts, 3)
        }
        defer {
            var ignored: OM_uint32 = 0
            gss_release_iov_buffer(&ignored, &parts, 3)
        }
        if psrun_gss_is_unavailable(major) != 0 {
            let token = try wrap(plain)
            guard token.count >= Self.signatureLength else {
                throw GSSFailure(.messageRefused, "\(told): a token is too short.")
            }
            return SealedPiece(
                header: Array(token[..<Self.signatureLength]),
                data: Array(token[Self.signatureLength...]),
                plainLength: plain.count
            )
        }
        guard psrun_gss_failed(major) == 0, isSealed != 0 else { throw notSealed(major, minor) }
        let padding = GSSBytes.copy(parts[2].buffer)
        return SealedPiece(
            header: GSSBytes.copy(parts[0].buffer),
            data: padding.isEmpty ? data : data + padding,
            plainLength: plain.count + padding.count
        )
    }

    /// - Throws: GSSFailure.
    func wrap(_ plain: [UInt8]) throws(GSSFailure) -> [UInt8] {
        guard isComplete else { throw Self.early }
        var (minor, isSealed): (OM_uint32, Int32) = (0, 0)
        var output = gss_buffer_desc()
        let major = GSSBytes.withBuffer(plain) {
            gss_wrap(&minor, raw, 1, gss_qop_t(GSS_C_QOP_DEFAULT), $0, &isSealed, &output)
        }
        let token = GSSBytes.taken(&output)
        guard psrun_gss_failed(major) == 0, isSealed != 0 else { throw notSealed(major, minor) }
        return token
    }

    /// Opens tokens of either kind: what gss_wrap_iov makes, and what gss_wrap makes.
    /// - Throws: GSSFailure.
    func unwrap(_ sealed: [UInt8]) throws(GSSFailure) -> [UInt8] {
        guard isComplete else { throw Self.early }
        var (minor, isSealed): (OM_uint32, Int32) = (0, 0)
        var output = gss_buffer_desc()
        let major = GSSBytes.withBuffer(sealed) { gss_unwrap(&minor, raw, $0, &output, &isSealed, nil) }
        let plain = GSSBytes.taken(&output)
        // Bits beside the error's say that a message is an old one, or not the next.
        guard psrun_gss_is_complete(major) != 0 else {
            throw GSSStatus(major, minor, nil).failure(
                .messageRefused,
                "\(told): a message from \(service) cannot be opened; it was altered, or is not the next one"
            )
        }
        guard isSealed != 0 else {
            throw GSSFailure(.messageRefused, "\(told): a message from \(service) is signed, and not sealed.")
        }
        return plain
    }

    private func notSealed(_ major: OM_uint32, _ minor: OM_uint32) -> GSSFailure {
        GSSStatus(major, minor, nil).failure(.messageRefused, "\(told): a message to \(service) cannot be sealed")
    }

    private static var early: GSSFailure {
        GSSFailure(.messageRefused, "A message was to be sealed or opened before the login was done.")
    }
}
