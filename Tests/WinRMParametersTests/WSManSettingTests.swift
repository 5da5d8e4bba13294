import Testing
import WinRMParameters

/// `-SessionOption KEY=VALUE`, and parameters as text.
struct WSManSettingTests {
    /// Every parameter of New-PSSessionOption in PowerShell 7.6.
    private static let ofPowerShell = [
        "MaximumRedirection", "NoCompression", "NoMachineProfile", "Culture", "UICulture",
        "MaximumReceivedDataSizePerCommand", "MaximumReceivedObjectSize", "OutputBufferingMode",
        "MaxConnectionRetryCount", "ApplicationArguments", "OpenTimeout", "CancelTimeout", "IdleTimeout",
        "ProxyAccessType", "ProxyAuthentication", "ProxyCredential", "SkipCACheck", "SkipCNCheck",
        "SkipRevocationCheck", "OperationTimeout", "NoEncryption", "UseUTF16", "IncludePortInSPN",
    ]

    @Test("Every option of New-PSSessionOption is honoured, or refused by name", arguments: ofPowerShell)
    func complete(name: String) {
        let isKnown = WSManSetting.sessionOptions.contains { $0.name == name }
        let reason = WSManSetting.refused.first { $0.name == name }?.why
        #expect(isKnown == (reason == nil))
        guard let reason else { return }
        var parameters = WSManParameters()
        let error = #expect(throws: WSManParameterError.self) {
            try parameters.setSessionOption("\(name.lowercased())=1")
        }
        #expect(error?.code == .refusedOption)
        #expect(error?.message.contains(reason) == true)
    }

    @Test("An option is taken in any letter case and by PowerShell's other names; a switch needs no value")
    func forms() throws {
        var parameters = WSManParameters()
        for text in [
            "skipcacheck", "SkipCNCheck=$true", "NoMachineProfile=False", "OpenTimeoutMSec=30000",
            "OperationTimeout=2m",
            "CancelTimeout = 500ms", "MaximumReceivedObjectSize=5MB", "Culture=de-DE", "ApplicationArguments=a=b=c",
            "ApplicationArguments=d=", "proxy=proxy:3128", "ProxyAccessType=none", "NoCompression",
        ] { try parameters.setSessionOption(text) }
        let options = try parameters.target(at: .uri("https://srv01")).options
        #expect(parameters.skipsCACheck == true && parameters.skipsCNCheck == true && !options.skipsProfile)
        #expect(options.openTimeout == .seconds(30) && options.operationTimeout == .seconds(120))
        #expect(options.cancelTimeout == .milliseconds(500) && options.receivedObjectBytes == 5 << 20)
        #expect(options.culture == "de-DE" && options.uiCulture == "en-US")
        #expect(options.applicationArguments.map(\.name) == ["a", "d"])
        #expect(options.applicationArguments.map(\.value) == ["b=c", ""])
        #expect(parameters.proxy?.host == "proxy" && parameters.proxy?.port == 3128)
    }

    @Test(
        "A value that an option cannot have is refused with what it takes",
        arguments: [
            "OpenTimeout=0", "OpenTimeout=-1", "OpenTimeout=1d", "OpenTimeout=", "OpenTimeout", "IdleTimeout=59s",
            "MaximumRedirection=6", "MaximumReceivedObjectSize=25MB", "MaximumReceivedObjectSize=9999999999gb",
            "Culture=", "Culture=e", "Culture=en_US", "SkipCACheck=maybe", "NoCompression=false",
            "SkipRevocationCheck=maybe",
            "ProxyAccessType=IEConfig", "Proxy=socks5://a:1", "Proxy=http://op:x@a:1", "Proxy=http://a:1/b",
            "ApplicationArguments=a", "ApplicationArguments==b", "OperationTimeout=3000000000", "SPNHost=a\u{1}b",
        ]
    )
    func values(text: String) {
        var parameters = WSManParameters()
        let error = #expect(throws: WSManParameterError.self) { try parameters.setSessionOption(text) }
        #expect(error?.code == .invalidOption, "\(error?.message ?? "")")
        #expect(parameters == WSManParameters())
    }

    @Test("An example of a size is one that is taken", arguments: ["MaximumReceivedObjectSize", "MaximumEnvelopeSize"])
    func exampleOfSize(name: String) throws {
        var parameters = WSManParameters()
        let error = #expect(throws: WSManParameterError.self) { try parameters.setSessionOption("\(name)=50MB") }
        let words = (error?.message ?? "").split(whereSeparator: { " ,".contains($0) })
        let examples = words.filter { $0.hasSuffix("KB") || $0.hasSuffix("MB") && $0 != "50MB" }
        #expect(!examples.isEmpty, "\(error?.message ?? "")")
        for example in examples { try parameters.setSessionOption("\(name)=\(example)") }
    }

    @Test(
        "An option that there is not is refused with those that there are; what has an option of its own is none here"
    )
    func unknown() {
        for text in ["Nonsense=1", "", "=x", "Port=1", "UseSSL"] {
            var parameters = WSManParameters()
            let error = #expect(throws: WSManParameterError.self) { try parameters.setSessionOption(text) }
            #expect(error?.code == .unknownOption)
        }
    }

    /// Something of each setting.
    private static let whole = [
        "MaximumRedirection=3", "NoCompression=true", "NoMachineProfile=true", "Culture=de", "UICulture=fr-FR",
        "MaximumReceivedObjectSize=1024", "ApplicationArguments=a=b", "ApplicationArguments=c=d", "OpenTimeout=1000ms",
        "CancelTimeout=2000ms", "IdleTimeout=60000ms", "OperationTimeout=3000ms", "ProxyAccessType=None",
        "Proxy=http://[::1]:3128", "SkipCACheck=false", "SkipCNCheck=true", "SkipRevocationCheck=true",
        "NoEncryption=true", "IncludePortInSPN=true", "SPNService=WSMAN", "SPNHost=h", "MaximumEnvelopeSize=153600",
        "Port=1", "UseSSL=true", "ApplicationName=a", "ConfigurationName=b", "Authentication=Kerberos", "Credential=op",
        "CertificateThumbprint=0123456789ABCDEF0123456789ABCDEF01234567", "EnableNetworkAccess=true",
        "AllowRedirection=true", "RedirectTo=https://*.example.com", "RedirectTo=b", "AllowBasicOverHTTP=true",
        "AllowCredSSPOverHTTP=true", "AllowNTLM=true", "CertificateStore=/s", "CertificateFile=/c",
        "CertificateKeyFile=/k",
        "CAFile=/ca",
    ]

    @Test("Parameters are what their text says, and their text is what was read")
    func texts() throws {
        let parameters = try WSManParameters(texts: Self.whole)
        #expect(parameters.texts == Self.whole)
        #expect(Set(Self.whole.map { String($0.prefix { $0 != "=" }) }) == Set(WSManSetting.all.map(\.name)))
        #expect(throws: WSManParameterError.self) { try WSManParameters(texts: ["Nonsense=1"]) }
    }

    @Test("What is not said is taken from what all share, and what is said stands")
    func over() throws {
        let shared = try WSManParameters(texts: Self.whole)
        let own = try WSManParameters(texts: ["SkipCACheck=true", "Port=5986", "ApplicationArguments=x=y"])
        let both = own.over(shared)
        #expect(both.skipsCACheck == true && both.port == 5986 && both.applicationArguments.map(\.name) == ["x"])
        #expect(both.culture == "de" && both.redirectionHosts.count == 2)
        #expect(WSManParameters().over(shared) == shared)
        #expect(shared.over(own) == shared)
    }
}
