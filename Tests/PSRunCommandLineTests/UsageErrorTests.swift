import PSRunCommandLine
import Testing

/// What psrun says to a command line it does not take.
struct UsageErrorTests {
    static let errors: [(line: String, code: UsageError.Code, message: String)] = [
        ("", .missingArgument, "PLAYBOOK is missing: psrun run PLAYBOOK …; 'psrun help run' says more."),
        ("replay", .missingArgument, "RUN is missing: psrun replay RUN …; 'psrun help replay' says more."),
        ("x.ps1 y.ps1", .unexpectedArgument, "'psrun run' takes one PLAYBOOK, and 'y.ps1' is one too many."),
        (
            "repaly last", .unexpectedArgument,
            "'psrun run' takes one PLAYBOOK, and 'last' is one too many. Did you mean the verb replay?"
        ),
        (
            "web01 small.sh", .unexpectedArgument,
            """
            'psrun run' takes one PLAYBOOK, and 'small.sh' is one too many. A host is named with --host, each with its \
            own or as a range: --host web01.
            """
        ),
        (
            "small.sh --host web01 web02", .unexpectedArgument,
            """
            'psrun run' takes one PLAYBOOK, and 'web02' is one too many. A host is named with --host, each with its own \
            or as a range: --host web02.
            """
        ),
        (
            "web01 -c uptime", .unexpectedArgument,
            """
            -c gives the lines to run, so 'web01' cannot be the playbook as well. A host is named with --host, each with \
            its own or as a range: --host web01.
            """
        ),
        (
            "-h web01", .unexpectedArgument,
            "-h shows the help, and 'web01' behind it would be ignored. A host is named with --host."
        ),
        ("- --host -", .givenTwice, "Standard input can be read once: as the playbook (-), or with --host -."),
        // What other programs call it
        ("x.sh -p 2222", .unknownOption, "psrun has no option -p; a port is --port."),
        (
            "x.sh -l op", .unknownOption,
            "psrun has no option -l; a user is --user, or stands before the host: user@host."
        ),
        ("x.sh -o A=b", .unknownOption, "psrun has no option -o; an ssh_config keyword is --option KEY=VALUE."),
        (
            "x.sh -t 5", .unknownOption,
            """
            psrun has no option -t; the time for a connection is --connecting-timeout 5s, for a line --step-timeout 5m.
            """
        ),
        (
            "x.sh --timeout 5", .unknownOption,
            """
            psrun has no option --timeout; the time for a connection is --connecting-timeout 5s, for a line --step-timeout \
            5m.
            """
        ),
        ("x.sh --identity-file k", .unknownOption, "psrun has no option --identity-file; a private key is --key-file."),
        (
            "x.sh --json", .unknownOption,
            "psrun has no option --json; results for programs are --format json, jsonl, junit or nagios."
        ),
        (
            "x.sh --forks 5", .unknownOption,
            "psrun has no option --forks; as many targets run at once as --fanout N says (-f N)."
        ),
        (
            "x.sh -e a=1", .unknownOption,
            "psrun has no option -e; psrun sets no variables: they stand in the playbook."
        ),
        (
            "x.sh -S", .unknownOption,
            """
            psrun has no option -S; what failed is in psrun's exit code without an option; --exit-from-session gives one \
            session's own.
            """
        ),
        (
            "x.sh --check", .unknownOption,
            "psrun has no option --check; --dry-run (-n) checks everything, and connects to none."
        ),
        ("x.sh --limit web", .missingParameter, "--limit limits an inventory: give -i as well."),
        (
            "x.sh -x web", .missingParameter,
            "-x needs hosts to take some from: give --host, -w or -i as well."
        ),
        ("x.sh -H web01", .unknownOption, "psrun has no option -H; a host is named with --host."),
        (
            "x.sh --password x", .unknownOption,
            """
            psrun has no option --password; a password is never an argument: --password-file or --password-command give \
            it, or a terminal is asked.
            """
        ),
        (
            "x.sh -vv", .unknownOption,
            "psrun has no option -vv; -v says what psrun does, --debug what goes over the wire."
        ),
        ("-V", .unknownOption, "psrun has no option -V; psrun's version is --version."),
        (
            "--verison", .unknownOption,
            "psrun has no option --verison; did you mean --version? 'psrun help run' lists them."
        ),
        (
            "x.sh --host op:secret@web01", .invalidHostName,
            """
            --host: a password is never an argument: give --password-file. A user whose name has a colon is given with \
            --user.
            """
        ),
        ("list last", .unexpectedArgument, "'psrun list' takes no operand, and 'last' is one too many."),
        (
            "-q list", .unexpectedArgument,
            "The verb comes first: psrun list …. For a playbook of that name, write ./list."
        ),
        (
            "completions tcsh", .invalidArgument,
            "'tcsh' is not a shell that psrun knows; it knows bash, zsh, fish or powershell."
        ),
        // Spelling
        (
            "x.ps1 --hots web01", .unknownOption,
            "psrun has no option --hots; did you mean --host? 'psrun help run' lists them."
        ),
        (
            "x.ps1 -HostNames web01", .unknownOption,
            "psrun has no option -HostNames; did you mean -HostName? 'psrun help run' lists them."
        ),
        (
            "x.ps1 -dry-run", .unknownOption,
            "psrun has no option -dry-run; did you mean --dry-run? 'psrun help run' lists them."
        ),
        (
            "x.ps1 --connect-timeout 5", .unknownOption,
            "psrun has no option --connect-timeout; did you mean --connecting-timeout, with a unit, as in "
                + "--connecting-timeout 5s? 'psrun help run' lists them."
        ),
        ("x.ps1 --zzzzzz", .unknownOption, "psrun has no option --zzzzzz; 'psrun help run' lists them."),
        ("x.ps1 -z", .unknownOption, "psrun has no option -z; 'psrun help run' lists them."),
        (
            "x.ps1 -Con 5", .ambiguousParameter,
            """
            -Con is ambiguous: it may be -ConnectionUri, -ContainerId, -ConfigurationName or -ConnectingTimeout; write \
            more of it.
            """
        ),
        ("x.ps1 --speed 2", .wrongVerb, "'psrun run' has no --speed; it belongs to 'psrun replay'."),
        ("verify --all last", .unexpectedArgument, "--all means every run: leave out the names of runs."),
        ("verify --head 12", .invalidArgument, "--head does not take '12': it takes 64 hexadecimal digits."),
        ("prove last", .missingArgument, "--host is missing: it names the target whose recording to prove."),
        (
            "list --speed 2", .wrongVerb, "'psrun list' has no --speed; it belongs to 'psrun replay'."
        ),
        (
            "x.ps1 -OutVariable v", .notInPipeline,
            "-OutVariable is of no use here: psrun is not in a pipeline."
        ),
        // Values
        ("x.ps1 --host", .missingArgument, "--host needs a value, [USER@]HOST[:PORT]."),
        (
            "x.ps1 --host a -UserName -Port 22", .missingArgument,
            "-UserName needs a value, USER; one that begins with a dash is written -UserName:-Port."
        ),
        (
            "x.ps1 --answer --x", .missingArgument,
            "--answer needs a value, REGEX=TEXT; one that begins with a dash is written --answer=--x."
        ),
        ("x.ps1 --any-shell=yes", .unexpectedArgument, "--any-shell takes no value."),
        (
            "x.ps1 --host a -Port 1 --port 2", .givenTwice,
            "--port is given twice; it takes one value."
        ),
        (
            "x.ps1 -ConnectingTimeout 1 --connecting-timeout 1s", .givenTwice,
            "--connecting-timeout is given twice; it takes one value."
        ),
        (
            "x.ps1 --host a -Port 0", .invalidArgument,
            "-Port does not take '0': it takes a whole number from 1 to 65535."
        ),
        (
            "x.ps1 --host a -Port abc", .invalidArgument,
            "-Port does not take 'abc': it takes a whole number from 1 to 65535."
        ),
        (
            "x.ps1 -ConnectingTimeout 0", .invalidArgument,
            "-ConnectingTimeout does not take '0': a session cannot open in 0 ms; for no limit, leave it out or give -1."
        ),
        (
            "x.ps1 -ConnectingTimeout 2147483648", .invalidArgument,
            "-ConnectingTimeout does not take '2147483648': it takes a whole number from -2147483648 to 2147483647."
        ),
        (
            "x.ps1 --step-timeout 30", .invalidArgument,
            "--step-timeout does not take '30': it needs a unit, such as 1500ms, 30s, 5m or 1h."
        ),
        (
            "x.ps1 --connecting-timeout 5000", .invalidArgument,
            "--connecting-timeout does not take '5000': it needs a unit, such as 1500ms, 30s, 5m or 1h."
        ),
        (
            "x.ps1 --run-timeout 0s", .invalidArgument,
            "--run-timeout does not take '0s': it takes a time greater than 0."
        ),
        ("x.ps1 --run-timeout 5y", .invalidArgument, "--run-timeout does not take '5y': a unit is ms, s, m, h or d."),
        (
            "x.ps1 --grace 99999999999d", .invalidArgument,
            "--grace does not take '99999999999d': it is longer than 24 days."
        ),
        (
            "x.ps1 --host a --host-key-check maybe", .invalidArgument,
            "--host-key-check does not take 'maybe': it takes yes, accept-new or no."
        ),
        (
            "x.ps1 --error-actions Stop", .unknownOption,
            "psrun has no option --error-actions; did you mean --error-action? 'psrun help run' lists them."
        ),
        (
            "x.ps1 -ea Ignore", .invalidArgument,
            "-ea does not take 'Ignore': it takes Continue or Stop."
        ),
        (
            "x.ps1 --host a -Options StrictHostKeyCheking=no", .invalidArgument,
            "-Options does not take 'StrictHostKeyCheking=no': ssh_config has no keyword StrictHostKeyCheking. "
                + "Is StrictHostKeyChecking meant?"
        ),
        (
            "x.ps1 --host a -Options bad_option=1", .invalidArgument,
            "-Options does not take 'bad_option=1': it takes KEY=VALUE, an ssh_config keyword and its value."
        ),
        (
            "x.ps1 --host a -SSHTransport:$false", .invalidArgument,
            "-SSHTransport does not take '$false': it can only be $true."
        ),
        ("x.ps1 --answer [=x", .invalidArgument, "--answer: '[' is not a regular expression."),
        ("x.ps1 --answer x", .invalidArgument, "--answer: it takes REGEX=TEXT."),
        ("x.ps1 --output=", .invalidArgument, "--output does not take '': it takes FILE, which cannot be empty."),
        (
            "replay last --speed 0", .invalidArgument,
            "--speed does not take '0': it takes a number greater than 0, such as 2 or 0.5."
        ),
        (
            "x.ps1 --host web01/x", .invalidHostName,
            "--host: 'web01/x' is not a host: a path, query or fragment is not allowed in it; write [user@]host[:port]."
        ),
        (
            "x.ps1 --host web[3-1]", .invalidHostName,
            "--host: 'web[3-1]' is not a range of hosts: '3-1' runs backwards; write web[01-64] or web[1,5-8]."
        ),
        (
            "x.ps1 --host a --host b --exit-from-session", .invalidArgument,
            "--exit-from-session takes one target, and 2 are given."
        ),
        // Parameter sets
        (
            "x.ps1 --host a -UseSSL", .parameterSets,
            """
            --host belongs to the parameter set SSHHost and -UseSSL to the parameter set ComputerName: they cannot be \
            used together.
            """
        ),
        (
            "x.ps1 -Credential u --host a", .parameterSets,
            """
            -Credential belongs to the sets ComputerName, Uri, VMId or VMName and --host to the parameter set SSHHost: \
            they cannot be used together. Over SSH the user is -UserName, and --password-file or --password-command gives \
            the password.
            """
        ),
        ("x.ps1 -UserName op", .missingParameter, "-UserName needs a host: give -HostName or --host as well."),
        ("x.ps1 -J gw", .missingParameter, "-J needs a host: give -HostName or --host as well (or -VMId or -VMName)."),
        (
            "x.ps1 -Port 22", .missingParameter,
            "-Port needs a host: give -HostName or --host as well (or -ComputerName)."
        ),
        (
            "x.ps1 -VMName v", .missingParameter,
            "-VMName needs -Credential as well, for the parameter set VMName."
        ),
        // Over WinRM
        (
            "x.ps1 -ComputerName a -HostName b", .parameterSets,
            """
            -ComputerName belongs to the parameter set ComputerName and -HostName to the parameter set SSHHost: they \
            cannot be used together.
            """
        ),
        (
            "x.ps1 -UseSSL", .missingParameter,
            "-UseSSL needs a computer to enter over WinRM: give -ComputerName as well."
        ),
        (
            "x.ps1 -AllowRedirection", .missingParameter,
            "-AllowRedirection needs a computer to enter over WinRM: give -ConnectionUri as well."
        ),
        (
            "x.ps1 --host a -SkipCACheck", .parameterSets,
            """
            -SkipCACheck is WinRM's, and no target is entered over it: give -ComputerName, -ConnectionUri or an inventory.
            """
        ),
        (
            "x.ps1 -ComputerName op@srv01", .invalidArgument,
            """
            -ComputerName: 'op@srv01' is not a computer's name: the user is given with -Credential. \
            (PSSessionInvalidComputerName)
            """
        ),
        (
            "x.ps1 -ComputerName a -SessionOption UseUTF16", .invalidArgument,
            """
            -SessionOption: UseUTF16 is not taken: psrun writes UTF-8, which every server takes.
            """
        ),
        (
            "x.ps1 -VMId zz -Credential u", .invalidArgument,
            "-VMId does not take 'zz': it takes a GUID, such as 01234567-89ab-cdef-0123-456789abcdef."
        ),
        (
            "x.ps1 -CU nonsense", .invalidArgument,
            """
            -CU: 'nonsense' is not the address of a service: write it whole, such as https://srv01:5986/wsman. \
            (RelativeUriForRunspacePathNotSupported)
            """
        ),
        (
            "x.ps1 -ComputerName a -Authentication Nope", .invalidArgument,
            """
            -Authentication does not take 'Nope': it takes Default, Basic, Negotiate, \
            NegotiateWithImplicitCredential, Credssp, Digest or Kerberos.
            """
        ),
        (
            "x.ps1 --host a --shard 1", .invalidArgument,
            "--shard does not take '1': it takes I/N, shard I of N, counted from 0; auto; or auto/N."
        ),
        ("x.ps1 --splay 5m", .missingArgument, "--splay is how long a run by the clock waits: give --cron as well."),
        (
            "x.ps1 --cron --ask", .unexpectedArgument,
            "--ask cannot go with --cron: nobody is there to answer; give --answer."
        ),
        (
            "x.ps1 --cron --format json", .unexpectedArgument,
            "--format cannot go with --cron: a run that goes well prints nothing; name a file with --output."
        ),
        ("schedule x.ps1", .missingArgument, "When is it to run? Give --at 02:30 or --every 1h."),
        ("x.ps1 --host a --limit web", .missingParameter, "--limit limits an inventory: give -i as well."),
        ("targets", .missingArgument, "No target is named: give --host, -w, -i, -ComputerName or -ConnectionUri."),
        ("x.ps1 --live --format jsonl", .invalidArgument, "--live prints text as it comes, and --format is jsonl."),
        (
            "x.ps1 --format nagios --exit-from-session", .invalidArgument,
            "--format nagios and --exit-from-session both say what psrun ends with; give one."
        ),
        (
            "x.ps1 --output a.prom --metrics-file a.prom", .invalidArgument,
            "--output and --metrics-file name the same file."
        ),
        (
            "x.ps1 --metrics-file night.txt", .invalidArgument,
            "--metrics-file does not take 'night.txt': the node exporter reads only files whose names end in .prom."
        ),
        (
            "blocks x.ps1 --format junit", .invalidArgument,
            "--format junit tells of a run; blocks takes text, json or jsonl."
        ),
    ]

    @Test("Each wrong command line is answered word by word", arguments: errors.indices)
    func message(index: Int) {
        let (line, code, message) = Self.errors[index]
        let error = #expect(throws: UsageError.self, "\(line)") {
            try bind(arguments: line.split(separator: " ").map(String.init))
        }
        #expect(error == UsageError(code, message), "\(line)")
    }

    @Test("Every code of a usage error is in the list")
    func codes() {
        #expect(Set(Self.errors.map(\.code)) == Set(UsageError.Code.allCases))
    }

    @Test("Control characters of an argument are not printed")
    func escapes() {
        let error = #expect(throws: UsageError.self) { try bind(arguments: ["x.ps1", "--\u{1B}[2J"]) }
        #expect(error?.message.contains("\u{1B}") == false)
    }
}
