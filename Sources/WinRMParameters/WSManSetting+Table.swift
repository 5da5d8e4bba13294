extension WSManSetting {
    package static let all = sessionOptions + others

    /// What New-PSSessionOption has and a client without Windows can honour, and psrun's own beside it.
    package static let sessionOptions: [WSManSetting] = [
        WSManSetting(
            "MaximumRedirection",
            of: true,
            \.maximumRedirection,
            .number(in: 0...WSManParameters.mostRedirections)
        ),
        WSManSetting(
            "NoCompression",
            of: true,
            isSwitch: true,
            \.noCompression,
            .only(true, "psrun never asks for compressed answers")
        ),
        WSManSetting("NoMachineProfile", of: true, isSwitch: true, \.noMachineProfile, .flag),
        WSManSetting("Culture", of: true, \.culture, .culture),
        WSManSetting("UICulture", of: true, \.uiCulture, .culture),
        WSManSetting("MaximumReceivedObjectSize", of: true, \.maximumReceivedObjectSize, .bytes(in: 1...(24 << 20))),
        WSManSetting("ApplicationArguments", of: true, list: \.applicationArguments, .argument),
        WSManSetting("OpenTimeout", of: true, \.openTimeout, .time(from: .milliseconds(1))),
        WSManSetting("CancelTimeout", of: true, \.cancelTimeout, .time(from: .milliseconds(1))),
        WSManSetting("IdleTimeout", of: true, \.idleTimeout, .time(from: .seconds(60))),
        WSManSetting("OperationTimeout", of: true, \.operationTimeout, .time(from: .milliseconds(500))),
        WSManSetting("ProxyAccessType", of: true, \.proxyAccessType, .proxyAccess),
        WSManSetting("Proxy", of: true, \.proxy, .proxy),
        WSManSetting("SkipCACheck", of: true, isSwitch: true, \.skipsCACheck, .flag),
        WSManSetting("SkipCNCheck", of: true, isSwitch: true, \.skipsCNCheck, .flag),
        WSManSetting("SkipRevocationCheck", of: true, isSwitch: true, \.skipsRevocationCheck, .flag),
        WSManSetting("NoEncryption", of: true, isSwitch: true, \.noEncryption, .flag),
        WSManSetting("IncludePortInSPN", of: true, isSwitch: true, \.includesPortInSPN, .flag),
        WSManSetting("SPNService", of: true, \.serviceName, .text),
        WSManSetting("SPNHost", of: true, \.serviceHost, .text),
        WSManSetting("MaximumEnvelopeSize", of: true, \.maximumEnvelopeSize, .bytes(in: 32_768...(8 << 20))),
    ]

    /// What has an option of its own on a command line.
    private static let others: [WSManSetting] = [
        WSManSetting("Port", of: false, \.port, .port),
        WSManSetting("UseSSL", of: false, isSwitch: true, \.usesTLS, .flag),
        WSManSetting("ApplicationName", of: false, \.applicationName, .text),
        WSManSetting("ConfigurationName", of: false, \.configurationName, .text),
        WSManSetting("Authentication", of: false, \.authentication, .authentication),
        WSManSetting("Credential", of: false, \.user, .text),
        WSManSetting("CertificateThumbprint", of: false, \.thumbprint, .thumbprint),
        WSManSetting("EnableNetworkAccess", of: false, isSwitch: true, \.enablesNetworkAccess, .flag),
        WSManSetting("AllowRedirection", of: false, isSwitch: true, \.allowsRedirection, .flag),
        WSManSetting("RedirectTo", of: false, list: \.redirectionHosts, .redirection),
        WSManSetting("AllowBasicOverHTTP", of: false, isSwitch: true, \.allowsBasicOverHTTP, .flag),
        WSManSetting("AllowCredSSPOverHTTP", of: false, isSwitch: true, \.allowsCredSSPOverHTTP, .flag),
        WSManSetting("AllowNTLM", of: false, isSwitch: true, \.allowsNTLM, .flag),
        WSManSetting("CertificateStore", of: false, \.certificateStore, .path),
        WSManSetting("CertificateFile", of: false, \.certificateFile, .path),
        WSManSetting("CertificateKeyFile", of: false, \.certificateKeyFile, .path),
        WSManSetting("CAFile", of: false, \.trustFile, .path),
    ]

    /// What New-PSSessionOption has and psrun does not, with the reason.
    package static let refused: [(name: String, why: String)] = [
        (
            "MaxConnectionRetryCount",
            "psrun begins anew by itself where a server says that it is busy, and never where a session may have begun"
        ),
        (
            "MaximumReceivedDataSizePerCommand",
            "psrun passes on what comes, however much it is; MaximumReceivedObjectSize bounds what it must hold at once"
        ),
        (
            "OutputBufferingMode",
            "psrun stays in a session until its end, so that there is nothing to be kept meanwhile"
        ),
        ("UseUTF16", "psrun writes UTF-8, which every server takes"),
        ("ProxyAuthentication", "psrun logs into no proxy; name one that takes this computer as it is with Proxy"),
        ("ProxyCredential", "psrun logs into no proxy; name one that takes this computer as it is with Proxy"),
    ]

    static func unknown(_ name: String) -> WSManParameterError {
        if let (known, why) = refused.first(where: { $0.name.lowercased() == name.lowercased() }) {
            return WSManParameterError(.refusedOption, "\(known) is not taken: \(why).")
        }
        return WSManParameterError(
            .unknownOption,
            "there is no session option '\(presentable(name))'; there are \(listed(sessionOptions.map(\.name)))."
        )
    }
}
