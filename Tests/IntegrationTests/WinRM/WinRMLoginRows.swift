import PSRunTestSupport

/// What may be asked for at each kind of server, and what comes of it.
enum WinRMLoginRows {
    private static let op = #"DOMAIN\op"#
    private static let alice = KerberosRealm.alice
    private static func how(_ name: String, _ more: String...) -> [String] { ["-Authentication", name] + more }

    static let kerberos: [WinRMRow] = [
        WinRMRow(
            "Tickets of kinit's log in without a word",
            at: .realm,
            tickets: .ofAlice,
            .enters(by: "negotiate kerberos alice@PSRUN.TEST")
        ),
        WinRMRow(
            "Kerberos by name uses them as well",
            at: .realm,
            tickets: .ofAlice,
            with: how("Kerberos"),
            .enters(by: "kerberos kerberos alice@PSRUN.TEST")
        ),
        WinRMRow(
            "NegotiateWithImplicitCredential is Kerberos with them",
            at: .realm,
            tickets: .ofAlice,
            with: how("NegotiateWithImplicitCredential"),
            .enters(by: "negotiate kerberos alice@PSRUN.TEST")
        ),
        WinRMRow(
            "A user of a realm with a password logs in by Kerberos",
            at: .realm,
            as: alice,
            password: .ofRealm,
            .enters(by: "negotiate kerberos alice@PSRUN.TEST")
        ),
        WinRMRow(
            "Over https as well, bound to the certificate",
            at: .realmByTLS,
            as: alice,
            password: .ofRealm,
            with: ["-SkipCACheck"],
            .enters(by: "negotiate kerberos alice@PSRUN.TEST")
        ),
        WinRMRow(
            "Kerberos by name takes a password",
            at: .realm,
            as: alice,
            password: .ofRealm,
            with: how("Kerberos"),
            .enters(by: "kerberos kerberos alice@PSRUN.TEST")
        ),
        WinRMRow(
            "-EnableNetworkAccess is taken and changes nothing",
            at: .realm,
            as: alice,
            password: .ofRealm,
            with: ["-EnableNetworkAccess"],
            .enters(by: "negotiate kerberos alice@PSRUN.TEST")
        ),
        WinRMRow(
            "A ticket for another service of the host is asked for by name",
            at: .realm,
            tickets: .ofAlice,
            with: ["-SessionOption", "SPNService=HTTP"],
            .enters(by: "negotiate kerberos alice@PSRUN.TEST")
        ),
        WinRMRow(
            "A wrong password is an error, and never NTLM",
            at: .realm,
            as: alice,
            password: .wrong,
            .fails("AuthenticationFailed", in: "auth", ["alice@PSRUN.TEST", "password is wrong"])
        ),
        WinRMRow(
            "A wrong password of Kerberos by name is the same",
            at: .realm,
            as: alice,
            password: .wrong,
            with: how("Kerberos"),
            .fails("AuthenticationFailed", in: "auth", ["alice@PSRUN.TEST", "password is wrong"])
        ),
        WinRMRow(
            "Without tickets and without a user nothing logs in",
            at: .realm,
            .fails("AuthenticationFailed", in: "auth", ["kinit", "-Credential"])
        ),
        WinRMRow(
            "A host that the realm does not know is named as it was asked for",
            at: .realm,
            tickets: .ofAlice,
            with: ["-SessionOption", "SPNHost=srv01.example.com"],
            .fails("AuthenticationFailed", in: "auth", ["host/srv01.example.com", "not an alias"])
        ),
        WinRMRow(
            "IncludePortInSPN asks for the port as well",
            at: .realm,
            tickets: .ofAlice,
            with: ["-SessionOption", "IncludePortInSPN"],
            .fails("AuthenticationFailed", in: "auth", ["HTTP/localhost:"])
        ),
        WinRMRow(
            "A user whom the realm does not know is named",
            at: .realm,
            as: "nobody@PSRUN.TEST",
            password: .ofRealm,
            .fails("AuthenticationFailed", in: "auth", ["nobody@PSRUN.TEST", "no such user"])
        ),
        WinRMRow(
            "A realm without a KDC is told, and NTLM is not tried",
            at: .realm,
            as: "op@OTHER.TEST",
            password: .ofServer,
            .fails("AuthenticationFailed", in: "auth", ["op@OTHER.TEST", "krb5.conf"])
        ),
        WinRMRow(
            "Tickets and a user are two answers",
            at: .realm,
            as: alice,
            password: .ofRealm,
            with: how("NegotiateWithImplicitCredential"),
            .refused(["-Credential", "NegotiateWithImplicitCredential"])
        ),
        WinRMRow(
            "Kerberos does not take a Windows domain's short name",
            at: .realm,
            as: op,
            password: .ofServer,
            with: how("Kerberos"),
            .refused(["USER@REALM"])
        ),
    ]

    static let ntlm: [WinRMRow] = [
        WinRMRow(
            "A domain's user logs in by NTLM at gss-ntlmssp",
            at: .realm,
            as: op,
            password: .ofServer,
            .enters(by: #"negotiate ntlm DOMAIN\op"#)
        ),
        WinRMRow(
            "Over https NTLM is bound to the certificate",
            at: .realmByTLS,
            as: op,
            password: .ofServer,
            with: ["-SkipCACheck"],
            .enters(by: #"negotiate ntlm DOMAIN\op"#)
        ),
        WinRMRow("And at pyspnego", at: .http, as: op, password: .ofServer, .enters(by: "negotiate ntlm")),
        WinRMRow(
            "pyspnego demands the binding to its certificate",
            at: .https,
            as: op,
            password: .ofServer,
            with: ["-SkipCACheck"],
            .enters(by: "negotiate ntlm")
        ),
        WinRMRow("A local user is NTLM's", at: .http, as: "op", password: .ofServer, .enters(by: "negotiate ntlm")),
        WinRMRow(
            "So is one of the far side's own",
            at: .http,
            as: #".\op"#,
            password: .ofServer,
            .enters(by: "negotiate ntlm")
        ),
        WinRMRow(
            "A realm's user is NTLM's where somebody allows it",
            at: .realm,
            as: "op@OTHER.TEST",
            password: .ofServer,
            with: ["--allow-ntlm"],
            .fails("AuthenticationFailed", in: "auth", ["op@OTHER.TEST"])
        ),
        WinRMRow(
            "A wrong password is told",
            at: .http,
            as: op,
            password: .wrong,
            .fails("AuthenticationFailed", in: "auth", [op, "password"])
        ),
        WinRMRow(
            "NTLM is sealed over http also with NoEncryption",
            at: .http,
            as: op,
            password: .ofServer,
            with: ["-SessionOption", "NoEncryption"],
            .enters(by: "negotiate ntlm")
        ),
    ]

    static let credSSP: [WinRMRow] = [
        WinRMRow(
            "CredSSP hands a password over by https",
            at: .https,
            as: op,
            password: .ofServer,
            with: how("Credssp", "-SkipCACheck"),
            .enters(by: "credssp ntlm")
        ),
        WinRMRow(
            "Over http it must be allowed by name",
            at: .http,
            as: op,
            password: .ofServer,
            with: how("Credssp"),
            .refused(["--allow-credssp-over-http", "hands the password"])
        ),
        WinRMRow(
            "It is sealed there",
            at: .http,
            as: op,
            password: .ofServer,
            with: how("Credssp", "--allow-credssp-over-http"),
            .enters(by: "credssp ntlm")
        ),
        WinRMRow(
            "A wrong password is told before it is handed over",
            at: .https,
            as: op,
            password: .wrong,
            with: how("Credssp", "-SkipCACheck"),
            .fails("AuthenticationFailed", in: "auth", ["password is wrong"])
        ),
        WinRMRow("It needs a user", at: .https, with: how("Credssp"), .refused(["-Credential"])),
        WinRMRow(
            "A server without it says what it has",
            at: .realmByTLS,
            as: op,
            password: .ofServer,
            with: how("Credssp", "-SkipCACheck"),
            .fails("AuthenticationFailed", in: "auth", ["CredSSP", "Negotiate"])
        ),
    ]

    static let basicAndDigest: [WinRMRow] = [
        WinRMRow(
            "Basic logs in by https",
            at: .https,
            as: "op",
            password: .ofServer,
            with: how("Basic", "-SkipCACheck"),
            .enters(by: "basic")
        ),
        WinRMRow(
            "Over http it is refused, and what would be seen is said",
            at: .http,
            as: "op",
            password: .ofServer,
            with: how("Basic"),
            .refused(["shows the password", "--allow-basic-over-http"])
        ),
        WinRMRow(
            "It is done where somebody says so by name",
            at: .http,
            as: "op",
            password: .ofServer,
            with: how("Basic", "--allow-basic-over-http"),
            .enters(by: "basic")
        ),
        WinRMRow(
            "A wrong password is told",
            at: .https,
            as: "op",
            password: .wrong,
            with: how("Basic", "-SkipCACheck"),
            .fails("AuthenticationFailed", in: "auth", ["Basic", "op"])
        ),
        WinRMRow("Basic needs a user", at: .https, with: how("Basic"), .refused(["-Credential"])),
        WinRMRow(
            "Apache's Digest with MD5 logs in",
            at: .apache,
            as: "alice",
            password: .ofRealm,
            with: how("Digest", "-SessionOption", "NoEncryption"),
            .enters(by: nil)
        ),
        WinRMRow(
            "So does lighttpd's with SHA-256",
            at: .lighttpd,
            as: "alice",
            password: .ofRealm,
            with: how("Digest", "-SessionOption", "NoEncryption"),
            .enters(by: nil)
        ),
        WinRMRow(
            "A wrong password at apache is told",
            at: .apache,
            as: "alice",
            password: .wrong,
            with: how("Digest", "-SessionOption", "NoEncryption"),
            .fails("AuthenticationFailed", in: "auth", ["Digest", "alice"])
        ),
        WinRMRow(
            "Digest over http seals nothing, and must be allowed",
            at: .apache,
            as: "alice",
            password: .ofRealm,
            with: how("Digest"),
            .refused(["seals nothing", "NoEncryption"])
        ),
        WinRMRow(
            "A server without Digest is not asked for anything weaker",
            at: .http,
            as: "op",
            password: .ofServer,
            with: how("Digest", "-SessionOption", "NoEncryption"),
            .fails("AuthenticationFailed", in: "auth", ["does not take Digest", "Negotiate, CredSSP, Basic"])
        ),
    ]
}
