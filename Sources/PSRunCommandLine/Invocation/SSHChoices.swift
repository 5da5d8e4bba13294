/// What the command line says about SSH, for every SSH target of a run. A user or port embedded in a host wins over it.
package struct SSHChoices: Sendable, Hashable {
    /// When an unknown host key is taken.
    package enum HostKeyCheck: String, Sendable, Hashable, CaseIterable {
        case yes
        case acceptNew = "accept-new"
        case no
    }

    /// One `KEY=VALUE` of `-Options`: an ssh_config keyword, as given.
    package struct Option: Sendable, Hashable {
        package var keyword: String
        package var value: String

        package init(keyword: String, value: String) {
            self.keyword = keyword
            self.value = value
        }
    }

    /// The account for hosts that name none.
    package var userName: String?
    /// The port for hosts given without one, 1 to 65535.
    package var port: UInt16?
    /// The named private key, as given.
    package var keyFile: String?
    package var subsystem = "powershell"
    /// Whether it was named: then nothing else will do.
    package var isSubsystemNamed = false
    /// The command that speaks PSRP, in place of a subsystem.
    package var command: String?
    /// Whether a shell there is driven from here, in place of either.
    package var drivesShell = false
    /// In the order given; the first of a keyword wins, as in ssh_config.
    package var options: [Option] = []
    /// nil when not given, so that ssh_config's StrictHostKeyChecking may speak; then `yes`.
    package var hostKeyCheck: HostKeyCheck?
    /// Read instead of the user's and the system's ssh_config; `none` reads none.
    package var configFile: String?
    /// In the order of the way there, empty for a direct one; nil leaves it to ssh_config's ProxyJump.
    package var jumpHosts: [HostName]?

    package init() {}
}
