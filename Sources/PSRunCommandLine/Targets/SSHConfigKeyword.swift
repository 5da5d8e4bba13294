/// The keywords of ssh_config(5), OpenSSH 9.2 and newer ones, older spellings that it still takes included.
enum SSHConfigKeyword {
    /// Whether ssh would take it, whatever its letter case.
    static func exists(_ keyword: String) -> Bool {
        folded.contains(keyword.lowercased())
    }

    private static let folded = Set(names.map { $0.lowercased() })

    static let names = """
        AddKeysToAgent AddressFamily BatchMode BindAddress BindInterface CASignatureAlgorithms CanonicalDomains \
        CanonicalizeFallbackLocal CanonicalizeHostname CanonicalizeMaxDots CanonicalizePermittedCNAMEs CertificateFile \
        ChallengeResponseAuthentication ChannelTimeout CheckHostIP Ciphers ClearAllForwardings Compression \
        ConnectTimeout ConnectionAttempts ControlMaster ControlPath ControlPersist DynamicForward \
        EnableEscapeCommandline EnableSSHKeysign EscapeChar ExitOnForwardFailure FingerprintHash \
        ForkAfterAuthentication ForwardAgent ForwardX11 ForwardX11Timeout ForwardX11Trusted GSSAPIAuthentication \
        GSSAPIClientIdentity GSSAPIDelegateCredentials GSSAPIKexAlgorithms GSSAPIKeyExchange GSSAPIRenewalForcesRekey \
        GSSAPIServerIdentity GSSAPITrustDns GatewayPorts GlobalKnownHostsFile GlobalKnownHostsFile2 HashKnownHosts \
        HostKeyAlgorithms HostKeyAlias HostbasedAcceptedAlgorithms HostbasedAuthentication HostbasedKeyTypes Hostname \
        IPQoS IdentitiesOnly IdentityAgent IdentityFile IdentityFile2 IgnoreUnknown KbdInteractiveAuthentication \
        KbdInteractiveDevices KeepAlive KexAlgorithms KnownHostsCommand LocalCommand LocalForward LogLevel LogVerbose \
        MACs NoHostAuthenticationForLocalhost NumberOfPasswordPrompts ObscureKeystrokeTiming PKCS11Provider \
        PasswordAuthentication PermitLocalCommand PermitRemoteOpen Port PreferredAuthentications ProxyCommand ProxyJump \
        ProxyUseFdpass PubkeyAcceptedAlgorithms PubkeyAcceptedKeyTypes PubkeyAuthentication RefuseConnection RekeyLimit \
        RemoteCommand RemoteForward RequestTTY RequiredRSASize RevokedHostKeys SecurityKeyProvider SendEnv \
        ServerAliveCountMax ServerAliveInterval SessionType SetEnv SmartcardDevice StdinNull StreamLocalBindMask \
        StreamLocalBindUnlink StrictHostKeyChecking SyslogFacility TCPKeepAlive Tag Tunnel TunnelDevice UpdateHostKeys \
        UseKeychain User UserKnownHostsFile UserKnownHostsFile2 VerifyHostKeyDNS VersionAddendum VisualHostKey \
        WarnWeakCrypto XAuthLocation
        """.split(separator: " ").map(String.init)
}
