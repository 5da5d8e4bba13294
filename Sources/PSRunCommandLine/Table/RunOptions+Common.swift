extension RunOptions {
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
