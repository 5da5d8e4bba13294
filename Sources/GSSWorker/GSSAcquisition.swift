import CGSSAPI
import Synchronization
import WinRMAuth

/// Acquires a credential, by calls that may ask a KDC.
///
/// SPNEGO by itself takes whatever mechanism works: with a wrong password Kerberos fails, and what is left speaks NTLM,
/// without a word. So Kerberos is asked by itself first, and its answer counts. SPNEGO then gets the tickets that this
/// brought, or NTLM's password and no way to a KDC, and is told which mechanisms it may use.
struct GSSAcquisition {
    let login: WinRMCredential?
    let form: GSSCredential.Form
    let mechanisms: [SecurityMechanism]
    /// Whose tickets count where there is no password; nil for the machine's own choice.
    var cache: String?

    private static let made = Atomic(0)

    /// Blocks.
    /// - Throws: GSSFailure.
    func handle() throws(GSSFailure) -> GSSCredentialHandle {
        let hasNTLM = mechanisms.contains(.ntlm) && form == .spnego && psrun_gss_has_ntlm() != 0
        guard mechanisms.contains(.kerberos) else {
            guard hasNTLM else { throw .noNTLM }
            return try negotiating(nil, hasNTLM: true)
        }
        do throws(GSSFailure) {
            guard let login else {
                var own = self
                if cache == nil { own.cache = try GSSOwnCache.named() }
                let found = try own.ownTickets()
                return form == .kerberos ? found : try own.negotiating(found, hasNTLM: hasNTLM)
            }
            let found = try tickets(of: login)
            return form == .kerberos ? found : try negotiating(found, hasNTLM: hasNTLM)
        } catch {
            // There is another way only where the user permitted it.
            guard hasNTLM else { throw error }
            return try negotiating(nil, hasNTLM: true)
        }
    }

    // MARK: Kerberos by itself

    private func tickets(of login: WinRMCredential) throws(GSSFailure) -> GSSCredentialHandle {
        let name = try GSSName(login.user, psrun_gss_user_name())
        var (minor, lifetime): (OM_uint32, OM_uint32) = (0, 0)
        var credential: gss_cred_id_t?
        let major = GSSBytes.withSecret(login.password()) { password in
            GSSBytes.withSet([psrun_gss_krb5()]) { mechanisms in
                gss_acquire_cred_with_password(
                    &minor,
                    name.raw,
                    password,
                    OM_uint32.max,
                    mechanisms,
                    GSS_C_INITIATE,
                    &credential,
                    nil,
                    &lifetime
                )
            }
        }
        guard psrun_gss_failed(major) == 0, let credential else {
            throw GSSStatus(major, minor, psrun_gss_krb5()).failure(
                .noCredential,
                "Kerberos does not let \(login.user) log in"
            )
        }
        return GSSCredentialHandle(owning: credential, end: .now + .seconds(Int64(lifetime)), memory: nil)
    }

    /// Those that the machine's user has.
    private func ownTickets() throws(GSSFailure) -> GSSCredentialHandle {
        let handle = try acquire(psrun_gss_krb5(), from: store(nil, password: nil), memory: nil, end: nil)
        // The cache is only looked at when it is needed: now.
        var (minor, lifetime): (OM_uint32, OM_uint32) = (0, 0)
        let major = gss_inquire_cred(&minor, handle.raw, nil, &lifetime, nil, nil)
        let place = cache.map { " in \($0)" } ?? ""
        guard psrun_gss_is_expired(major) == 0, psrun_gss_failed(major) != 0 || lifetime > 0 else {
            throw GSSFailure(
                .noCredential,
                "The Kerberos tickets\(place) have expired. Get new ones with kinit, or give -Credential."
            )
        }
        guard psrun_gss_failed(major) == 0 else {
            throw GSSStatus(major, minor, psrun_gss_krb5())
                .failure(.noCredential, "There are no Kerberos tickets to log in with\(place)")
        }
        return try acquire(
            psrun_gss_krb5(),
            from: store(nil, password: nil),
            memory: nil,
            end: .now + .seconds(Int64(lifetime))
        )
    }

    // MARK: SPNEGO

    private func negotiating(_ tickets: GSSCredentialHandle?, hasNTLM: Bool) throws(GSSFailure) -> GSSCredentialHandle {
        let memory = login == nil ? nil : GSSMemoryCache(number: Self.made.wrappingAdd(1, ordering: .relaxed).newValue)
        let password = hasNTLM ? login?.password() : nil
        // Its library takes a C string, and would take the part before it.
        guard password?.contains(0) != true else {
            throw GSSFailure(.noCredential, "NTLM does not take a password with a null byte in it.")
        }
        if let tickets, let memory { try keep(tickets, in: memory) }
        let handle = try acquire(
            psrun_gss_spnego(),
            from: store(memory, password: password),
            memory: memory,
            end: tickets?.end
        )
        let allowed = [tickets == nil ? nil : psrun_gss_krb5(), hasNTLM ? psrun_gss_ntlm() : nil].compactMap(\.self)
        var minor: OM_uint32 = 0
        let major = GSSBytes.withSet(allowed) { gss_set_neg_mechs(&minor, handle.raw, $0) }
        guard psrun_gss_failed(major) == 0 else {
            throw GSSStatus(major, minor, psrun_gss_spnego()).failure(
                .noCredential,
                "SPNEGO takes no choice of mechanisms"
            )
        }
        return handle
    }

    private func acquire(
        _ mechanism: gss_OID?,
        from store: consuming GSSStore,
        memory: GSSMemoryCache?,
        end: ContinuousClock.Instant?
    ) throws(GSSFailure) -> GSSCredentialHandle {
        let name = try login.map { login throws(GSSFailure) in
            try GSSName(login.account.ntlmName, psrun_gss_user_name())
        }
        var minor: OM_uint32 = 0
        var credential: gss_cred_id_t?
        let major = store.with { store in
            GSSBytes.withSet([mechanism].compactMap(\.self)) { mechanisms in
                gss_acquire_cred_from(
                    &minor,
                    name?.raw,
                    OM_uint32.max,
                    mechanisms,
                    GSS_C_INITIATE,
                    store,
                    &credential,
                    nil,
                    nil
                )
            }
        }
        guard psrun_gss_failed(major) == 0, let credential else {
            let who = login.map { "\($0.user) log in" } ?? "this machine's user log in"
            throw GSSStatus(major, minor, mechanism).failure(.noCredential, "Nothing lets \(who)")
        }
        return GSSCredentialHandle(owning: credential, end: end, memory: memory)
    }

    /// - Parameters:
    ///   - memory: the one place with tickets; empty where Kerberos is not to be used.
    ///   - password: NTLM's; its library has a key for it (gssapi_ntlmssp.h).
    private func store(_ memory: GSSMemoryCache?, password: [UInt8]?) -> GSSStore {
        var values: [(String, [UInt8])] = []
        if let name = memory?.name ?? cache { values.append(("ccache", Array(name.utf8))) }
        // Else Kerberos would look there for a key of the user's, and ask the KDC with it.
        if memory != nil { values.append(("client_keytab", Array("MEMORY:psrun-none".utf8))) }
        if let password { values.append(("ntlmssp_password", password)) }
        return GSSStore(values)
    }

    private func keep(_ tickets: GSSCredentialHandle, in memory: GSSMemoryCache) throws(GSSFailure) {
        var minor: OM_uint32 = 0
        var store = GSSStore([("ccache", Array(memory.name.utf8))])
        let major = store.with {
            gss_store_cred_into(&minor, tickets.raw, GSS_C_INITIATE, psrun_gss_krb5(), 1, 0, $0, nil, nil)
        }
        guard psrun_gss_failed(major) == 0 else {
            throw GSSStatus(major, minor, psrun_gss_krb5()).failure(.noCredential, "Kerberos does not keep its tickets")
        }
    }
}

extension AccountName {
    /// As NTLM's library reads it: a dot is the far side itself.
    var ntlmName: String {
        switch self {
        case .principal(let user, let realm): "\(user)@\(realm)"
        case .downLevel(".", let user), .local(let user): user
        case .downLevel(let domain, let user): "\(domain)\\\(user)"
        }
    }
}
