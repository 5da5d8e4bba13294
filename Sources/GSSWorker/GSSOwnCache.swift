import CGSSAPI

/// The caches that kinit and its like leave for the machine's user.
enum GSSOwnCache {
    /// Looks whether Kerberos's library can be left alone with its choice: a cache that cannot be read may end this process
    /// there.
    ///
    /// Blocks.
    /// - Returns: the cache that must be named, since one that cannot be read comes before it; nil where the choice is the
    ///   library's.
    /// - Throws: GSSFailure, where caches are there and none of them can be read.
    static func named() throws(GSSFailure) -> String? {
        var name = [CChar](repeating: 0, count: 4_096)
        var reason = name
        var isUsable: Int32 = 0
        guard psrun_krb5_own_cache(&name, &reason, name.count, &isUsable) > 0 else { return nil }
        guard isUsable == 0 else { return String(filled: name) }
        throw GSSFailure(
            .noCredential,
            "There are no Kerberos tickets to log in with: \(String(filled: name)) cannot be used (\(String(filled: reason))). Get tickets with kinit, "
                + "or give -Credential."
        )
    }
}

extension String {
    /// What a C function has written into characters, up to its 0.
    init(filled characters: [CChar]) {
        self.init(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
