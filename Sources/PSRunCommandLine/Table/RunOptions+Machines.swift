extension RunOptions {
    /// What goes with hosts and with virtual machines, both entered over SSH.
    static let overSSH: [ParameterSet] = [.sshHost, .vmID, .vmName]

    /// Containers and virtual machines, and what their sessions are.
    static let machines: [CommandOption] = [
        CommandOption(
            "VMName",
            sets: [.vmName],
            long: "vm-name",
            .text("NAME"),
            in: .machine,
            help: """
                Enter a running virtual machine of libvirt's over SSH, at the address that libvirt knows: of a lease, of \
                the guest's agent, or of ARP; or over vsock. -Credential says who to log in as; ssh_config knows it by \
                this name.
                """
        ) { $0.machine.name = .name($1) },
        CommandOption(
            "VMId",
            aliases: ["VMGuid"],
            sets: [.vmID],
            long: "vm-id",
            .guid,
            in: .machine,
            help: "The same by its UUID."
        ) { $0.machine.name = .id($1) },
        CommandOption(
            sets: [.vmID, .vmName],
            long: "hypervisor",
            .text("URI"),
            in: .machine,
            help: "Where libvirt is, as its own tools take it: qemu:///system. Without it, libvirt's default."
        ) { $0.machine.hypervisor = $1 },
        CommandOption(
            sets: [.vmID, .vmName],
            long: "vm-transport",
            .choice("WAY"),
            in: .machine,
            help: """
                Enter the machine over its network, over vsock, or through its channel org.psrun.0, where `psrun-endpoint \
                --channel` serves in it. Without it, over its network, or over vsock where libvirt knows no address.
                """
        ) { $0.machine.transport = $1 },
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
    ]
}
