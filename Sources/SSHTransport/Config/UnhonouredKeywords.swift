/// ssh_config keywords that would change security or routing and are not honoured here: worth a warning, once.
enum UnhonouredKeywords {
    /// In lower case, with the values that ask for nothing.
    private static let table: [String: Set<String>] = [
        "bindinterface": ["none"],
        "canonicaldomains": ["none"],
        "canonicalizehostname": ["no", "none"],
        "casignaturealgorithms": [],
        "checkhostip": ["no"],
        "hostbasedauthentication": ["no"],
        "knownhostscommand": ["none"],
        "nohostauthenticationforlocalhost": ["no"],
        "pkcs11provider": ["none"],
        "proxyusefdpass": ["no"],
        "pubkeyacceptedalgorithms": [],
        "rekeylimit": ["default", "none"],
        "requiredrsasize": ["1024"],
        "revokedhostkeys": ["none"],
        "securitykeyprovider": ["internal"],
        "verifyhostkeydns": ["no"],
    ]

    static func report(_ values: SSHConfigValues, _ warn: (String) -> Void) {
        for keyword in values.words.keys.sorted() {
            guard let harmless = table[keyword], let value = values.first(keyword) else { continue }
            guard !harmless.contains(value.lowercased()) else { continue }
            warn("\(values.place(keyword)): \(keyword) is not honoured by psrun.")
        }
    }
}
