/// What people type who come from ssh, pdsh, clush, pssh or ansible, and where psrun has it.
enum Habit {
    /// A clause that names psrun's own spelling; nil for a spelling that nobody is known to bring.
    static func hint(for spelling: String) -> String? {
        switch spelling {
        case "-p": "a port is --port"
        case "--forks", "--parallel", "--par", "-P", "-j", "--jobs":
            "as many targets run at once as --fanout N says (-f N)"
        case "--identity-file", "--private-key", "--ssh-key": "a private key is --key-file"
        case "--check", "-C", "--syntax-check", "--dry", "--whatif", "-WhatIf":
            "--dry-run (-n) checks everything, and connects to none"
        case "-e", "--extra-vars": "psrun sets no variables: they stand in the playbook"
        case "-S": "what failed is in psrun's exit code without an option; --exit-from-session gives one session's own"
        case "--list-hosts": "'psrun targets' prints the hosts"
        case "-g", "-X", "--group": "a group is -w @GROUP, or --limit GROUP of an inventory"
        case "--hostfile": "a file of hosts is --host @FILE"
        case "-O": "an ssh_config keyword is --option KEY=VALUE"
        case "--json", "-J", "--jsonl", "--junit", "--yaml":
            "results for programs are --format json, jsonl, junit or nagios"
        case "--outdir": "results are written to a file with --output FILE"
        case "-l", "-u": "a user is --user, or stands before the host: user@host"
        case "-o": "an ssh_config keyword is --option KEY=VALUE"
        case "-t", "-T", "--timeout":
            "the time for a connection is --connecting-timeout 5s, for a line --step-timeout 5m"
        case "-H", "--hosts-file": "a host is named with --host"
        case "-k", "-A", "-K", "--ask-pass", "--password", "--pass", "-Password", "-passwd":
            "a password is never an argument: --password-file or --password-command give it, or a terminal is asked"
        case "-b", "--become", "--sudo", "--become-user", "--ask-become-pass":
            "sudo stands in the playbook: sudo -n systemctl restart nginx"
        case "-m", "-a", "--module-name", "--args": "a command line is -c LINE"
        case "-V": "psrun's version is --version"
        case "-vv", "-vvv": "-v says what psrun does, --debug what goes over the wire"
        default: nil
        }
    }

    private static let andPassword = "and --password-file or --password-command gives the password."

    /// The same where parameters of several ways in stand together, or one without its way in: where the one that is meant
    /// has it.
    /// - Parameter given: all of them.
    static func hint(among given: [CommandOption]) -> String? {
        let names = Set(given.flatMap { [$0.parameter, $0.long].compactMap(\.self) })
        let hasAddress = names.contains("ConnectionUri")
        let isOverWinRM = hasAddress || names.contains("ComputerName")
        let isMachine = !names.isDisjoint(with: ["VMId", "VMName"])
        if isMachine, names.contains("UserName") {
            return "A virtual machine's user is -Credential, \(andPassword)"
        }
        if isOverWinRM, names.contains("UserName") {
            return "Over WinRM the user is -Credential, \(andPassword)"
        }
        if isOverWinRM, names.contains("KeyFilePath") {
            return "Over WinRM a certificate takes the key's place: -CertificateThumbprint."
        }
        if names.contains("ConnectingTimeout"), !names.contains("HostName") {
            return "There the time is given with its unit: --connecting-timeout 5s."
        }
        if !hasAddress, !names.isDisjoint(with: ["AllowRedirection", "redirect-to"]) {
            return "A redirection is followed from a whole address alone: give the computer as -ConnectionUri, such as "
                + "http://srv01:5985/wsman."
        }
        if hasAddress, !names.isDisjoint(with: ["UseSSL", "Port", "ApplicationName"]) {
            return "An address says scheme, port and path by itself: https://srv01:5986/wsman."
        }
        let others = [
            "VMId", "VMName", "ContainerId", "process", "CustomPipeName", "Name", "Id", "InstanceId", "Session",
        ]
        guard !isOverWinRM, names.contains("Credential"), names.isDisjoint(with: others) else { return nil }
        return "Over SSH the user is -UserName, \(andPassword)"
    }

    /// What to say where a run gets more than its playbook: most likely a host was meant.
    /// - Parameter operands: at least one that is one too many.
    static func hostHint(_ operands: [String]) -> String? {
        let isPlaybook = { (operand: String) in [".ps1", ".sh", ".txt"].contains { operand.hasSuffix($0) } }
        guard let host = operands.first(where: { !isPlaybook($0) && isHost($0) }) else { return nil }
        return "A host is named with --host, each with its own or as a range: --host \(printable(host))."
    }

    /// What to say where `psrun session` gets more than an action and a name.
    static func sessionHint(_ operands: [String]) -> String? {
        let (action, value) = (printable(operands[0]), printable(operands[2]))
        return switch operands[1].lowercased() {
        case "id": "An id is given with --id: psrun session \(action) --id \(value)."
        case "instanceid", "instance-id": "An instance id is given with --instance-id: --instance-id \(value)."
        case "name": "The name stands by itself: psrun session \(action) \(value)."
        default: "A name of several words stands in quotes."
        }
    }

    private static func isHost(_ operand: String) -> Bool {
        Verb(rawValue: operand) == nil && operand != "last" && (try? HostSource.parse(operand)) != nil
    }
}
