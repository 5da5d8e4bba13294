/// What people type who come from ssh, pdsh, clush, pssh or ansible, and where psrun has it.
enum Habit {
    /// A clause that names psrun's own spelling; nil for a spelling that nobody is known to bring.
    static func hint(for spelling: String) -> String? {
        switch spelling {
        case "-p": "a port is --port"
        case "-l", "-u": "a user is --user, or stands before the host: user@host"
        case "-o": "an ssh_config keyword is --option KEY=VALUE"
        case "-t": "the time for a connection is --connecting-timeout 5s, for a line --step-timeout 5m"
        case "-H", "--hosts-file": "a host is named with --host"
        case "-k", "-A", "-K", "--password", "--pass", "-Password", "-passwd":
            "a password is never an argument: --password-file or --password-command give it, or a terminal is asked"
        case "-b", "--become", "--sudo": "sudo stands in the playbook: sudo -n systemctl restart nginx"
        case "-m", "-a": "a command line is -c LINE"
        case "-V": "psrun's version is --version"
        case "-vv", "-vvv": "-v says what psrun does, --debug what goes over the wire"
        default: nil
        }
    }

    /// What to say where a run gets more than its playbook: most likely a host was meant.
    /// - Parameter operands: at least one that is one too many.
    static func hostHint(_ operands: [String]) -> String? {
        let isPlaybook = { (operand: String) in [".ps1", ".sh", ".txt"].contains { operand.hasSuffix($0) } }
        guard let host = operands.first(where: { !isPlaybook($0) && isHost($0) }) else { return nil }
        return "A host is named with --host, each with its own or as a range: --host \(printable(host))."
    }

    private static func isHost(_ operand: String) -> Bool {
        Verb(rawValue: operand) == nil && operand != "last" && (try? HostSource.parse(operand)) != nil
    }
}
