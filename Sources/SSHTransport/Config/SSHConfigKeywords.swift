/// What psrun does with each keyword of ssh_config(5), OpenSSH 9.2 and newer, in lower case.
enum SSHConfigKeywords {
    /// Whether ssh would take it.
    static func isKnown(_ keyword: String) -> Bool {
        honoured.contains(keyword) || unhonoured[keyword] != nil || idle.contains(keyword)
    }

    static let honoured = set(
        """
        addressfamily batchmode bindaddress certificatefile ciphers compression connecttimeout globalknownhostsfile \
        hashknownhosts host hostkeyalgorithms hostkeyalias hostname identitiesonly identityagent identityfile \
        ignoreunknown include kbdinteractiveauthentication kexalgorithms macs match numberofpasswordprompts \
        passwordauthentication port preferredauthentications proxycommand proxyjump pubkeyacceptedalgorithms \
        pubkeyauthentication sendenv serveralivecountmax serveraliveinterval setenv stricthostkeychecking user \
        userknownhostsfile
        """
    )

    /// They would change security or routing, and are not honoured: worth a warning, once. With the values that ask for
    /// nothing.
    static let unhonoured: [String: Set<String>] = [
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
        "refuseconnection": [],
        "rekeylimit": ["default", "none"],
        "requiredrsasize": ["1024"],
        "revokedhostkeys": ["none"],
        "securitykeyprovider": ["internal", "none"],
        "smartcarddevice": ["none"],
        "verifyhostkeydns": ["no"],
    ]

    /// They mean nothing to a session of psrun's: forwarding, a terminal, a shared connection, another method, or what ssh
    /// itself ignores by now.
    static let idle = set(
        """
        addkeystoagent afstokenpassing canonicalizefallbacklocal canonicalizemaxdots canonicalizepermittedcnames \
        channeltimeout cipher clearallforwardings compressionlevel connectionattempts controlmaster controlpath \
        controlpersist dynamicforward enableescapecommandline enablesshkeysign escapechar exitonforwardfailure \
        fallbacktorsh fingerprinthash forkafterauthentication forwardagent forwardx11 forwardx11timeout \
        forwardx11trusted gatewayports globalknownhostsfile2 gssapiauthentication gssapiclientidentity \
        gssapidelegatecredentials gssapikexalgorithms gssapikeyexchange gssapirenewalforcesrekey gssapiserveridentity \
        gssapitrustdns hostbasedacceptedalgorithms hostbasedkeytypes ipqos kbdinteractivedevices keepalive \
        kerberosauthentication kerberostgtpassing localcommand localforward loglevel logverbose \
        obscurekeystroketiming permitlocalcommand permitremoteopen protocol protocolkeepalives remotecommand \
        remoteforward requesttty rhostsauthentication rhostsrsaauthentication rsaauthentication sessiontype \
        setuptimeout stdinnull streamlocalbindmask streamlocalbindunlink syslogfacility tag tcpkeepalive tunnel \
        tunneldevice updatehostkeys usekeychain useprivilegedport useroaming userknownhostsfile2 usersh \
        versionaddendum visualhostkey warnweakcrypto xauthlocation
        """
    )

    /// Says of what holds for a host that it is not honoured.
    static func report(_ values: SSHConfigValues, _ warn: (String) -> Void) {
        for note in values.notes { warn(note) }
        for keyword in values.words.keys.sorted() {
            guard let harmless = unhonoured[keyword], let value = values.first(keyword) else { continue }
            guard !harmless.contains(value.lowercased()) else { continue }
            warn("\(values.place(keyword)): \(keyword) is not honoured by psrun.")
        }
    }

    private static func set(_ names: String) -> Set<String> {
        Set(names.split(separator: " ").map(String.init))
    }
}
