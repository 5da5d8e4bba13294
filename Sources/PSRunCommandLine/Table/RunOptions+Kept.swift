extension RunOptions {
    /// A session that is kept open, as Enter-PSSession names one.
    static let keptSessions: [CommandOption] = [
        CommandOption(
            "Name",
            sets: [.name],
            long: "name",
            .text("NAME", completes: .sessions),
            in: .target,
            help: """
                Enter the session of this name, whole and in any letter case, that `psrun session open` keeps. `exit` \
                leaves it open; only in a shell that psrun drives (--shell) it ends it.
                """
        ) { $0.keptSessions.append(.name($1)) },
        CommandOption(
            "Id",
            sets: [.id],
            long: "id",
            .sessionID,
            in: .target,
            help: "The same by its id, which `psrun session list` tells."
        ) { $0.keptSessions.append(.id($1)) },
        CommandOption(
            "InstanceId",
            sets: [.instanceID],
            long: "instance-id",
            .guid,
            in: .target,
            help: "The same by its instance id."
        ) { $0.keptSessions.append(.instanceID($1)) },
        CommandOption(
            "Session",
            sets: [.session],
            long: "session",
            .text("SESSION", "System.Management.Automation.Runspaces.PSSession", completes: .sessions),
            in: .target,
            help: "The same by its instance id, its id or its name, whichever fits first."
        ) { $0.keptSessions.append(.any($1)) },
    ]
}
