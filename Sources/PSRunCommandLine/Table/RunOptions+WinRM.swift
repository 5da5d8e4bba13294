import WinRMParameters

extension RunOptions {
    /// What goes with computers that are entered over WinRM.
    private static let overWinRM: [ParameterSet] = [.computerName, .uri]
    /// The same for psrun's own options, which hosts of an inventory take as well.
    private static let ofWinRM = overWinRM + [.sshHost]

    /// Computers that are entered over WinRM.
    static let computers: [CommandOption] = [
        CommandOption(
            "ComputerName",
            aliases: ["Cn"],
            sets: [.computerName],
            long: "computer-name",
            .computers,
            isRepeatable: true,
            in: .target,
            help: """
                Enter a session on the computer NAME over WinRM (PowerShell remoting): a name or an address, \
                'srv[01-64]' for a range, and commas part computers. The user is -Credential, the port -Port.
                """
        ) { $0.hosts.sources += $1.map { .computer($0) } },
        CommandOption(
            "ConnectionUri",
            aliases: ["URI", "CU"],
            sets: [.uri],
            long: "connection-uri",
            .uri,
            isRepeatable: true,
            in: .target,
            help: "The same by a service's whole address, such as https://srv01:5986/wsman."
        ) { $0.hosts.sources.append(.connectionURI($1)) },
    ]

    /// How such sessions are entered.
    static let winRM: [CommandOption] = [
        CommandOption(
            "UseSSL",
            sets: [.computerName],
            long: "use-ssl",
            .winRMSwitch("UseSSL"),
            in: .winRM,
            help: "Connect by https, to port 5986 where -Port names no other; without it by http, to 5985, sealed."
        ) { $0.take($1) },
        CommandOption(
            "Authentication",
            sets: overWinRM,
            long: "authentication",
            .authentication,
            in: .winRM,
            help: """
                Log in by MECHANISM: Default and Negotiate are Kerberos or NTLM, as the user's form allows; Kerberos is \
                Kerberos or an error; the others are Basic, Digest, Credssp and NegotiateWithImplicitCredential.
                """
        ) { $0.take($1) },
        CommandOption(
            "CertificateThumbprint",
            sets: overWinRM,
            long: "certificate-thumbprint",
            .winRM("CertificateThumbprint", "HEX"),
            in: .winRM,
            help: "Log in with the certificate of this thumbprint, by https; --certificate-store says where it lies."
        ) { $0.take($1) },
        CommandOption(
            sets: ofWinRM,
            long: "certificate-store",
            .winRM("CertificateStore", "DIR", completes: .folder),
            in: .winRM,
            help: """
                The folder of PEM and PKCS#12 files in which a thumbprint is looked up (default \
                ~/.config/psrun/certificates).
                """
        ) { $0.take($1) },
        CommandOption(
            "ApplicationName",
            sets: [.computerName],
            long: "application-name",
            .anyText("NAME"),
            in: .winRM,
            help: "The service's path on the computer (default wsman)."
        ) { $0.winRM.applicationName = $1.isEmpty ? nil : $1 },
        CommandOption(
            "SessionOption",
            sets: overWinRM,
            long: "session-option",
            .sessionOption,
            isRepeatable: true,
            in: .winRM,
            help: """
                An option of New-PSSessionOption, such as OperationTimeout=60000, Culture=de-DE or IncludePortInSPN; a \
                switch needs no value. What psrun cannot honour is refused with the reason.
                """
        ) { $0.take($1) },
        CommandOption(
            "SkipCACheck",
            sets: ofWinRM,
            long: "skip-ca-check",
            .winRMSwitch("SkipCACheck"),
            in: .winRM,
            help: "Take a server's certificate whoever signed it. Whoever stands between could be that server."
        ) { $0.take($1) },
        CommandOption(
            "SkipCNCheck",
            sets: ofWinRM,
            long: "skip-cn-check",
            .winRMSwitch("SkipCNCheck"),
            in: .winRM,
            help: "Take a server's certificate whichever host it is for."
        ) { $0.take($1) },
        CommandOption(
            sets: ofWinRM,
            long: "ca-file",
            .winRM("CAFile", "FILE", completes: .file),
            in: .winRM,
            help: "Trust the authorities of this PEM file, and not the system's, for servers' certificates."
        ) { $0.take($1) },
        CommandOption(
            "EnableNetworkAccess",
            sets: overWinRM,
            long: "enable-network-access",
            .winRMSwitch("EnableNetworkAccess"),
            in: .winRM,
            help: "Taken, and without effect: it is for sessions of a Windows computer to itself."
        ) { $0.take($1) },
        CommandOption(
            "AllowRedirection",
            sets: [.uri],
            long: "allow-redirection",
            .winRMSwitch("AllowRedirection"),
            in: .winRM,
            help: """
                Follow a service that says it is elsewhere, \(WSManParameters.mostRedirections) times at most. Another \
                host or scheme gets no credentials, unless --redirect-to names it.
                """
        ) { $0.take($1) },
        CommandOption(
            sets: [.uri],
            long: "redirect-to",
            .winRM("RedirectTo", "[SCHEME://]HOST"),
            isRepeatable: true,
            in: .winRM,
            help: "With -AllowRedirection: a host to which credentials may go as well, or *.DOMAIN."
        ) { $0.take($1) },
        CommandOption(
            sets: ofWinRM,
            long: "allow-ntlm",
            .winRMSwitch("AllowNTLM"),
            in: .winRM,
            help:
                "Let NTLM do for USER@REALM as well, where Kerberos fails. DOMAIN\\USER and USER log in by NTLM."
        ) { $0.take($1) },
        CommandOption(
            sets: ofWinRM,
            long: "allow-basic-over-http",
            .winRMSwitch("AllowBasicOverHTTP"),
            in: .winRM,
            help: "Allow Basic by http: everybody on the way reads the password, and all of the session."
        ) { $0.take($1) },
        CommandOption(
            sets: ofWinRM,
            long: "allow-credssp-over-http",
            .winRMSwitch("AllowCredSSPOverHTTP"),
            in: .winRM,
            help:
                "Allow Credssp by http: the server gets the password itself, and no certificate shows which server it is."
        ) { $0.take($1) },
    ]

    /// What computers share with other targets: virtual machines, and containers.
    static let ofComputers: [CommandOption] = [
        CommandOption(
            "Credential",
            sets: [.computerName, .uri, .vmID, .vmName],
            long: "credential",
            .credential,
            in: .secrets,
            help: """
                The user to log in as: USER, DOMAIN\\USER or USER@REALM over WinRM. The password comes from \
                --password-file and its like; a virtual machine may take a key. Without it, WinRM takes kinit's tickets.
                """
        ) {
            $0.machine.user = $1
            $0.winRM.user = $1
        },
        CommandOption(
            "ConfigurationName",
            sets: [.computerName, .uri, .vmID, .vmName, .containerID],
            long: "configuration-name",
            .anyText("NAME"),
            in: .machine,
            help: "Enter this session configuration of the PowerShell there, over WinRM or in a container."
        ) {
            $0.containers.configurationName = $1.isEmpty ? nil : $1
            $0.winRM.configurationName = $1.isEmpty ? nil : $1
        },
    ]
}

extension Draft {
    /// Takes what one option says of WinRM over what was said before; of a list, beside it.
    mutating func take(_ said: WSManParameters) {
        let (arguments, hosts) = (winRM.applicationArguments, winRM.redirectionHosts)
        let (moreArguments, moreHosts) = (said.applicationArguments, said.redirectionHosts)
        winRM = said.over(winRM)
        winRM.applicationArguments = arguments + moreArguments
        winRM.redirectionHosts = hosts + moreHosts
    }
}
