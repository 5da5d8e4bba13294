extension VerbDefinition {
    static let schedule = VerbDefinition(
        verb: .schedule,
        operand: Operand(
            placeholder: "PLAYBOOK",
            isRequired: true,
            completion: .file,
            help: "The playbook to run by the clock; -c gives lines in its place."
        ),
        options: ScheduleOptions.own + RunOptions.all.filter { !["dry-run", "cron"].contains($0.long) },
        summary: "print what has cron or systemd run a playbook by the clock",
        help: """
            Prints a line of a crontab, a file for /etc/cron.d, or a systemd service and its timer, which run PLAYBOOK with \
            these options under --cron; --install puts it in its place. Playbook, options and targets are checked first, \
            and nothing is connected. Files are looked for from the folder in which this is called. A time that the \
            change to summer time skips is said to be one, and moved where that night would be lost.
            """
    ) { (draft, playbook) throws(UsageError) in
        .schedule(try draft.schedule(playbook))
    }
}

/// What `psrun schedule` has beside the options of a run.
enum ScheduleOptions {
    static let own: [CommandOption] = [
        CommandOption(
            long: "at",
            .text("HH:MM"),
            in: .night,
            help: "Run once a day at this time, local time unless --utc is given."
        ) { $0.schedule.at = $1 },
        CommandOption(
            long: "every",
            .duration,
            in: .night,
            help: "Run every TIME: minutes that divide an hour (15m), or hours that divide a day (6h)."
        ) { $0.schedule.every = $1 },
        CommandOption(
            long: "utc",
            .flag,
            in: .night,
            help: "Take the time of --at for UTC, which no change of clocks skips; with --as systemd only."
        ) { $0.schedule.isUTC = $1 },
        CommandOption(
            long: "as",
            .choice("FORM"),
            in: .night,
            help: "A line of your crontab (crontab, the default), a file for /etc/cron.d (cron.d), or a service with a "
                + "timer (systemd)."
        ) { $0.schedule.form = $1 },
        CommandOption(
            long: "schedule-name",
            .text("NAME"),
            in: .night,
            help: "The schedule's name (default psrun-PLAYBOOK): letters, digits, '-' and '_'."
        ) { $0.schedule.name = $1 },
        CommandOption(
            long: "run-as",
            .text("ACCOUNT"),
            in: .night,
            help: "The account of this computer as which it runs, in cron.d and in a service of the system's."
        ) { $0.schedule.account = $1 },
        CommandOption(
            long: "install",
            .flag,
            in: .night,
            help: """
                Put it in its place: the crontab, /etc/cron.d, or the folder of systemd's units, for root the system's and \
                else your own. What another wrote there stays.
                """
        ) { $0.schedule.installs = $1 },
        CommandOption(
            long: "into",
            .folder,
            in: .night,
            help: "With --install, put files into this folder instead."
        ) { $0.schedule.folder = $1 },
    ]
}

extension Draft {
    /// The schedule, and the run of it with everything that --cron fills in.
    func schedule(_ playbook: String?) throws(UsageError) -> ScheduleInvocation {
        let time: ScheduleInvocation.Time
        switch (schedule.at, schedule.every) {
        case (let at?, nil): time = .daily(at)
        case (nil, let every?): time = .every(seconds: every.components.seconds)
        case (nil, nil): throw UsageError(.missingArgument, "When is it to run? Give --at 02:30 or --every 1h.")
        default: throw UsageError(.unexpectedArgument, "--at and --every both say when it is to run; give one.")
        }
        if schedule.isUTC, schedule.form != .systemd {
            throw UsageError(.unexpectedArgument, "--utc goes with --as systemd: cron knows local time alone.")
        }
        if schedule.isUTC, schedule.every != nil {
            throw UsageError(.unexpectedArgument, "--utc goes with --at: every few hours is by UTC anyway.")
        }
        if schedule.account != nil, schedule.form == .crontab {
            throw UsageError(.unexpectedArgument, "--run-as goes with --as cron.d or --as systemd: a crontab is yours.")
        }
        if schedule.folder != nil, !schedule.installs || schedule.form == .crontab {
            throw UsageError(.missingArgument, "--into goes with --install, and --as cron.d or --as systemd.")
        }
        if playbook == "-" || hosts.sources.contains(.standardInput) {
            throw UsageError(.unexpectedArgument, "Nothing is on standard input when a schedule runs; name a file.")
        }
        var draft = self
        draft.run.cron = true
        let own = Set(ScheduleOptions.own.map(\.long))
        return ScheduleInvocation(
            run: try draft.run(playbook),
            arguments: given.filter { !own.contains($0.option.long) }.compactMap { $0.option.argument($0.text) },
            time: time,
            isUTC: schedule.isUTC,
            form: schedule.form,
            name: schedule.name,
            account: schedule.account,
            installs: schedule.installs,
            folder: schedule.folder
        )
    }
}

extension CommandOption {
    /// The option with its value in one argument, as it can be given again; nil for a switch that is off.
    func argument(_ text: String) -> String? {
        let isOn = !["$false", "false", "0"].contains(text.lowercased())
        guard !value.isSwitch || isOn else { return nil }
        if let long { return "--\(long)" + (value.isSwitch ? "" : "=\(text)") }
        return "-\(short.map(String.init) ?? name)" + (value.isSwitch ? "" : ":\(text)")
    }
}
