extension WSManParameters {
    /// Where a session is to be entered.
    package enum Place: Sendable, Hashable {
        case computer(String)
        case uri(String)
    }

    /// The resource that every session configuration of PowerShell begins with.
    package static let resourcePrefix = "http://schemas.microsoft.com/powershell/"
    package static let standardConfiguration = "Microsoft.PowerShell"
    /// What PowerShell follows at most.
    package static let mostRedirections = 5

    /// The target at a place, all rules applied.
    /// - Parameter name: what results and messages call it; nil for the place itself.
    /// - Throws: what PowerShell would refuse, and what would be weaker than was asked for.
    package func target(at place: Place, named name: String? = nil) throws(WSManParameterError) -> WSManTarget {
        let (url, shown) = try address(place)
        let login = try login(over: url)
        try checkExposure(of: login, over: url)
        guard proxy == nil || url.isTLS else {
            throw WSManParameterError(
                .proxyOverHTTP,
                "A proxy carries https alone: over http it would stand between the parts of a login. Use -UseSSL."
            )
        }
        return WSManTarget(
            displayName: name ?? shown,
            url: url,
            resourceURI: Self.resourceURI(configurationName),
            login: login,
            service: WSManTarget.Service(
                // Every computer of a domain has `host`; `HTTP` may be another account's. By its port it is HTTP's.
                name: serviceName ?? (includesPortInSPN == true ? "HTTP" : "host"),
                host: serviceHost ?? url.name,
                port: includesPortInSPN == true ? url.port : nil
            ),
            tls: tls(login),
            isSealed: !url.isTLS && login.seals,
            redirection: WSManTarget.Redirection(
                most: allowsRedirection == true ? maximumRedirection ?? Self.mostRedirections : 0,
                allowed: redirectionHosts
            ),
            proxy: proxy,
            options: options
        )
    }

    /// The resource of a session configuration, which may be given whole.
    ///
    /// Source: WSManConnectionInfo.ResolveShellUri of PowerShell 7.6.
    static func resourceURI(_ configuration: String?) -> String {
        let name = configuration.flatMap { $0.isEmpty ? nil : $0 } ?? standardConfiguration
        return name.lowercased().contains(resourcePrefix) ? name : resourcePrefix + name
    }

    private func address(_ place: Place) throws(WSManParameterError) -> (WSManURL, String) {
        switch place {
        case .computer(let computer):
            let url = try WSManURL.ofComputer(
                computer,
                usesTLS: usesTLS == true,
                port: port,
                path: applicationName
            )
            return (url, url.host)
        case .uri(let text):
            let url = try WSManURL.parse(text)
            return (url, url.text)
        }
    }

    private func tls(_ login: WSManLogin) -> WSManTarget.TLS {
        var tls = WSManTarget.TLS()
        tls.checksAuthority = skipsCACheck != true
        tls.checksName = skipsCNCheck != true
        tls.looksAtRevocationLists = skipsRevocationCheck != true
        tls.trustFile = trustFile
        guard case .certificate = login else { return tls }
        if let thumbprint {
            tls.clientCertificate = .thumbprint(thumbprint, store: certificateStore)
        } else if let certificateFile {
            tls.clientCertificate = .files(certificate: certificateFile, key: certificateKeyFile ?? certificateFile)
        }
        return tls
    }

    private var options: WSManTarget.Options {
        var options = WSManTarget.Options()
        options.uiCulture = uiCulture ?? options.uiCulture
        options.culture = culture ?? options.culture
        options.skipsProfile = noMachineProfile == true
        options.cancelTimeout = cancelTimeout ?? options.cancelTimeout
        options.operationTimeout = operationTimeout ?? options.operationTimeout
        options.idleTimeout = idleTimeout
        options.openTimeout = openTimeout
        options.envelopeBytes = maximumEnvelopeSize
        options.receivedObjectBytes = maximumReceivedObjectSize
        options.applicationArguments = applicationArguments
        return options
    }
}

extension WSManLogin {
    /// Whether what logs in also seals messages.
    fileprivate var seals: Bool {
        switch self {
        case .negotiate, .kerberos, .credSSP: true
        case .basic, .digest, .certificate: false
        }
    }
}
