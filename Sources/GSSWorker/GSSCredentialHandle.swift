import CGSSAPI

/// A credential of GSSAPI's: the one owner of its pointer. Any thread may use it.
final class GSSCredentialHandle: @unchecked Sendable {
    let raw: gss_cred_id_t
    /// When its tickets end; nil where nothing in it does.
    let end: ContinuousClock.Instant?
    /// The cache of this process's memory that holds its tickets.
    private let memory: GSSMemoryCache?

    /// So much before its end it is not given to a new connection.
    private static let margin = Duration.seconds(60)

    init(owning raw: gss_cred_id_t, end: ContinuousClock.Instant?, memory: GSSMemoryCache?) {
        self.raw = raw
        self.end = end
        self.memory = memory
    }

    deinit {
        var minor: OM_uint32 = 0
        var credential: gss_cred_id_t? = raw
        gss_release_cred(&minor, &credential)
    }

    var isFresh: Bool { end.map { .now + Self.margin < $0 } ?? true }
}

/// A credential cache in this process's memory, forgotten with its owner.
final class GSSMemoryCache: Sendable {
    let name: String

    /// - Parameter number: no other of this process has it.
    init(number: Int) {
        name = "MEMORY:psrun-\(number)"
    }

    deinit {
        psrun_krb5_forget(name)
    }
}
