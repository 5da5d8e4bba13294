import PSRunCommandLine

/// Where one session of a run is entered.
struct RunTarget: Sendable {
    enum Place: Sendable {
        case local
        case ssh(HostName)
    }

    let place: Place
    /// What results, messages and recordings call it: `op@web01:2222`.
    let name: String
    /// What its prompt calls it: `op@web01`.
    let label: String
    /// What warnings about prompts call it: `web01`.
    let computerName: String

    static let local = RunTarget(place: .local, name: "localhost", label: "localhost", computerName: "localhost")

    /// - Parameter account: psrun's own, which a prompt does not name.
    init(_ host: HostName, settings: SSHSettings, account: String) {
        var whole = host
        whole.user = host.user ?? settings.userName
        whole.port = host.port ?? settings.port
        place = .ssh(whole)
        name = whole.description
        label = host.sessionLabel(userName: settings.userName, localAccount: account)
        computerName = host.host
    }

    private init(place: Place, name: String, label: String, computerName: String) {
        self.place = place
        self.name = name
        self.label = label
        self.computerName = computerName
    }
}
