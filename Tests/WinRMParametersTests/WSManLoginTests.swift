import Testing
import WinRMParameters

/// Which login parameters mean, and which of them do not go together.
struct WSManLoginTests {
    private static let both = WSManLogin.Mechanisms(kerberos: true, ntlm: true)
    private static let kerberos = WSManLogin.Mechanisms(kerberos: true, ntlm: false)
    private static let ntlm = WSManLogin.Mechanisms(kerberos: false, ntlm: true)

    @Test(
        "A login is what was asked for, and nothing that is weaker",
        arguments: [
            ([], .negotiate(.tickets, kerberos)),
            (["Credential=op@EXAMPLE.COM"], .negotiate(.user("op@EXAMPLE.COM"), kerberos)),
            (["Credential=op@EXAMPLE.COM", "AllowNTLM=true"], .negotiate(.user("op@EXAMPLE.COM"), both)),
            ([#"Credential=EXAMPLE\op"#], .negotiate(.user(#"EXAMPLE\op"#), ntlm)),
            (["Credential=op"], .negotiate(.user("op"), ntlm)),
            (["Credential=op@"], .negotiate(.user("op@"), ntlm)),
            (["Credential=op@A", "Authentication=kerberos"], .kerberos(.user("op@A"))),
            (["Authentication=Kerberos"], .kerberos(.tickets)),
            (["Authentication=NegotiateWithImplicitCredential"], .negotiate(.tickets, kerberos)),
            (["UseSSL=1", "Authentication=Basic", "Credential=op"], .basic(user: "op")),
            (["UseSSL=1", "Authentication=Digest", "Credential=op"], .digest(user: "op")),
            (["UseSSL=1", "Authentication=CredSSP", "Credential=op@A"], .credSSP(user: "op@A", kerberos)),
            (["Authentication=Basic", "Credential=op", "AllowBasicOverHTTP=1"], .basic(user: "op")),
            (["Authentication=Credssp", "Credential=op", "AllowCredSSPOverHTTP=1"], .credSSP(user: "op", ntlm)),
            (["Authentication=Digest", "Credential=op", "NoEncryption=1"], .digest(user: "op")),
            (["UseSSL=1", "CertificateThumbprint=\(digits)"], .certificate),
            (["UseSSL=1", "CertificateFile=/c.pem"], .certificate),
        ] as [([String], WSManLogin)]
    )
    func logins(texts: [String], login: WSManLogin) throws {
        let target = try WSManParameters(texts: texts).target(at: .computer("srv01"))
        #expect(target.login == login)
        #expect(target.isSealed == (!target.url.isTLS && !["Basic", "Digest"].contains(login.name)))
    }

    private static let digits = "0123456789ABCDEF0123456789ABCDEF01234567"

    @Test(
        "What does not go together is refused by PowerShell's name for it",
        arguments: [
            (["UseSSL=1", "CertificateThumbprint=\(digits)", "Credential=op"], .ambiguousAuthentication),
            (["UseSSL=1", "CertificateThumbprint=\(digits)", "Authentication=Kerberos"], .ambiguousAuthentication),
            (["Authentication=NegotiateWithImplicitCredential", "Credential=op"], .ambiguousAuthentication),
            (["UseSSL=1", "Authentication=Basic"], .credentialRequired),
            (["UseSSL=1", "Authentication=Digest"], .credentialRequired),
            (["UseSSL=1", "Authentication=Credssp"], .credentialRequired),
            (["Authentication=Basic", "Credential=op"], .basicOverHTTP),
            (["Authentication=Basic", "Credential=op", "NoEncryption=1"], .basicOverHTTP),
            (["Authentication=Credssp", "Credential=op"], .delegationOverHTTP),
            (["Authentication=Digest", "Credential=op"], .notSealed),
            (["CertificateThumbprint=\(digits)"], .certificateOverHTTP),
            (["Authentication=Kerberos", #"Credential=EXAMPLE\op"#], .invalidUser),
            (["UseSSL=1", "Authentication=Basic", "Credential=a:b"], .invalidUser),
            (["Proxy=http://proxy:3128"], .proxyOverHTTP),
        ] as [([String], WSManParameterError.Code)]
    )
    func refusals(texts: [String], code: WSManParameterError.Code) throws {
        let parameters = try WSManParameters(texts: texts)
        let error = #expect(throws: WSManParameterError.self) { try parameters.target(at: .computer("srv01")) }
        #expect(error?.code == code)
    }

    @Test("What https shows and checks is what was said, and a certificate is shown by whoever logs in with it alone")
    func tls() throws {
        var parameters = try WSManParameters(texts: ["UseSSL=1", "CAFile=/ca.pem", "SkipCNCheck=1"])
        var tls = try parameters.target(at: .computer("srv01")).tls
        #expect(tls.checksAuthority && !tls.checksName && tls.trustFile == "/ca.pem" && tls.clientCertificate == nil)
        try parameters.set(
            "CertificateThumbprint",
            to: "\u{200E}01 23 45 67 89 ab cd ef 01 23 45 67 89 ab cd ef 01 23 45 67"
        )
        tls = try parameters.target(at: .computer("srv01")).tls
        #expect(tls.clientCertificate == .thumbprint(Self.digits, store: nil))
    }

    @Test("A ticket is asked for the computer itself, by its port for HTTP, unless another name is given")
    func services() throws {
        func principal(_ texts: String...) throws -> String {
            try WSManParameters(texts: texts).target(at: .computer("srv01")).service.principal
        }
        #expect(try principal() == "host/srv01")
        #expect(try principal("IncludePortInSPN=1") == "HTTP/srv01:5985")
        #expect(try principal("SPNService=WSMAN", "SPNHost=srv01.example.com") == "WSMAN/srv01.example.com")
    }

    @Test(
        "A session configuration is named by its name or by its whole resource",
        arguments: [
            (nil, "http://schemas.microsoft.com/powershell/Microsoft.PowerShell"),
            ("JEA", "http://schemas.microsoft.com/powershell/JEA"),
            ("HTTP://schemas.microsoft.com/PowerShell/x", "HTTP://schemas.microsoft.com/PowerShell/x"),
        ]
    )
    func configurations(name: String?, resource: String) throws {
        var parameters = WSManParameters()
        parameters.configurationName = name
        #expect(try parameters.target(at: .uri("http://srv01")).resourceURI == resource)
    }
}
