extension RunOptions {
    /// Containers on this computer, and what their sessions are.
    static let machines: [CommandOption] = [
        CommandOption(
            "ContainerId",
            sets: [.containerID],
            long: "container-id",
            .text("ID|NAME"),
            isRepeatable: true,
            in: .machine,
            help: """
                Enter a running container of docker, podman or nerdctl: its name, or its whole id. PowerShell is started \
                in it where its PATH has one, or else psrun-endpoint or psrun; else its shell is driven from here.
                """
        ) { $0.containers.containers.append($1) },
        CommandOption(
            sets: [.containerID],
            long: "container-engine",
            .choice("ENGINE"),
            in: .machine,
            help:
                "Reach containers through docker, podman or nerdctl; without it, the one in PATH that has the container."
        ) { $0.containers.engine = $1 },
        CommandOption(
            "RunAsAdministrator",
            sets: [.containerID],
            long: "run-as-administrator",
            .flag,
            in: .machine,
            help: "Be root in the container, and not the user that its image names."
        ) { $0.containers.runsAsAdministrator = $1 },
        CommandOption(
            "ConfigurationName",
            sets: [.computerName, .uri, .vmID, .vmName, .containerID],
            long: "configuration-name",
            .anyText("NAME"),
            in: .machine,
            help: "Enter this session configuration of the container's PowerShell."
        ) { $0.containers.configurationName = $1.isEmpty ? nil : $1 },
    ]
}
