extension Setting {
    /// Why an option of a run is not a setting; nil where it is one.
    package static func refusal(of option: CommandOption) -> String? {
        switch option.availability {
        case .inPipelineOnly: return "it has no use outside of a pipeline"
        case .now: break
        }
        if let reason = refusals[option.name] ?? option.long.flatMap({ refusals[$0] }) { return reason }
        guard option.long != nil else { return "it has no long name" }
        return nil
    }

    /// By the option's name.
    private static let refusals: [String: String] = {
        let hosts = "each run says which hosts it is for"
        let work = "each run says what it does"
        return [
            "host": hosts, "w": hosts, "x": hosts, "limit": hosts, "shard": hosts, "command": work, "dry-run": work,
            "cron": work, "splay": "it is for runs by the clock", "process": hosts, "pipe": hosts,
            "name": hosts, "id": hosts, "instance-id": hosts, "session": hosts, "container-id": hosts, "vm-name": hosts,
            "vm-id": hosts, "vm-transport": hosts, "computer-name": hosts, "connection-uri": hosts,
            "ssh-transport": "a host says it already",
            "output": "each run would write over the one before",
            "exit-from-session": "it is for one target alone",
        ]
    }()

    /// Why a key is not a setting, where it is an option of a run nevertheless.
    package static func refusal(ofKey key: String) -> String? {
        RunOptions.all.first { $0.long == key || $0.short.map(String.init) == key }.flatMap(refusal)
    }

    /// What somebody most likely meant by a key that there is not.
    package static func meant(by key: String, orOneOf others: [String]) -> String? {
        let plain = key.lowercased().split(separator: "_", omittingEmptySubsequences: false).joined(separator: "-")
        if let known = elsewhere[plain] { return known }
        let parameter = RunOptions.all.first { option in
            option.parameterNames.contains { $0.lowercased() == plain } && refusal(of: option) == nil
        }
        if let key = parameter?.long { return key }
        if parameter != nil || plain == "connectingtimeout" { return "connecting-timeout" }
        return nearest(to: plain, in: all.map(\.key) + others)
    }

    /// What ssh_config, Ansible, Bolt, ClusterShell, Fabric and Capistrano call it.
    private static let elsewhere: [String: String] = {
        let names: KeyValuePairs<String, String> = [
            "fanout": "forks fan-out throttle concurrency parallel parallelism jobs max-procs pool-size batch-size",
            "user": "remote-user ansible-user ansible-ssh-user login username ssh-user",
            "port": "remote-port ansible-port ssh-port",
            "key-file": "private-key private-key-file identity-file identityfile key key-filename keys "
                + "ansible-ssh-private-key-file ssh-key",
            "connecting-timeout":
                "timeout connect-timeout connecttimeout connection-timeout ssh-timeout gateway-timeout",
            "step-timeout": "command-timeout task-timeout",
            "host-key-check": "host-key-checking stricthostkeychecking strict-host-key-checking verify-host-key",
            "jump": "proxyjump proxy-jump bastion gateway jump-host jump-hosts",
            "option": "ssh-args ssh-options ssh ssh-common-args ansible-ssh-common-args options ssh-extra-args",
            "recordings": "log-path logs log-dir recording recordings-dir",
            "password-command": "password-program askpass",
            "hosts": "host groups group targets nodes match",
        ]
        var all: [String: String] = [:]
        for (key, words) in names { for word in words.split(separator: " ") { all[String(word)] = key } }
        return all
    }()

    /// Whether ssh_config(5) has that keyword.
    package static func isSSHKeyword(_ key: String) -> Bool { SSHConfigKeyword.exists(key) }
}
