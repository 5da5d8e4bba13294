extension RunOptions {
    /// The parameters of the sets that come later.
    static let laterSets: [CommandOption] = [
        CommandOption(
            "ComputerName",
            aliases: ["Cn"],
            sets: [.computerName],
            long: "computer-name",
            .text("NAME"),
            .later
        ),
        CommandOption("UseSSL", sets: [.computerName], long: "use-ssl", .flag, .later),
        CommandOption("ApplicationName", sets: [.computerName], long: "application-name", .anyText("NAME"), .later),
        CommandOption(
            "Authentication",
            sets: [.computerName, .uri],
            long: "authentication",
            .authentication,
            .later
        ),
        CommandOption(
            "CertificateThumbprint",
            sets: [.computerName, .uri],
            long: "certificate-thumbprint",
            .anyText("HEX"),
            .later
        ),
        CommandOption(
            "SessionOption",
            sets: [.computerName, .uri],
            long: "session-option",
            .text("KEY=VALUE", "System.Management.Automation.Remoting.PSSessionOption"),
            isRepeatable: true,
            .later
        ),
        CommandOption(
            "EnableNetworkAccess",
            sets: [.computerName, .uri],
            long: "enable-network-access",
            .flag,
            .later
        ),
        CommandOption(
            "ConnectionUri",
            aliases: ["URI", "CU"],
            sets: [.uri],
            long: "connection-uri",
            .uri,
            .later
        ),
        CommandOption("AllowRedirection", sets: [.uri], long: "allow-redirection", .flag, .later),
    ]

    /// The common parameters that psrun has no use for.
    static let commonParameters: [CommandOption] = [
        pipelineParameter("WarningAction", "wa", "System.Management.Automation.ActionPreference"),
        pipelineParameter("InformationAction", "infa", "System.Management.Automation.ActionPreference"),
        pipelineParameter("ProgressAction", "proga", "System.Management.Automation.ActionPreference"),
        pipelineParameter("ErrorVariable", "ev", "System.String"),
        pipelineParameter("WarningVariable", "wv", "System.String"),
        pipelineParameter("InformationVariable", "iv", "System.String"),
        pipelineParameter("OutVariable", "ov", "System.String"),
        pipelineParameter("OutBuffer", "ob", "System.Int32"),
        pipelineParameter("PipelineVariable", "pv", "System.String"),
    ]

    private static func pipelineParameter(_ name: String, _ alias: String, _ type: String) -> CommandOption {
        CommandOption(name, aliases: [alias], .text("VALUE", type), .inPipelineOnly)
    }
}
