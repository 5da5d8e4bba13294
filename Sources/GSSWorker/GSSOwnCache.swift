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
        guard isUsable == 0 else { return text(name) }
        throw GSSFailure(
            .noCredential,
            "There are no Kerberos tickets to log in with: \(text(name)) cannot be used (\(text(reason))). Get tickets with kinit, "
                + "or give -Credential."
        )
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
