import Files
package import PSRunCommandLine
package import Schedules

/// What `psrun schedule` prints or installs, and what it has to say of it.
package struct SchedulePlan: Sendable {
    /// A file, by its place where cron or systemd looks for it.
    package struct Document: Sendable, Hashable {
        package let path: String
        package let text: String
    }

    package let name: String
    package let form: ScheduleInvocation.Form
    /// For a crontab one, which is no file: its text is what the crontab gets.
    package let documents: [Document]
    /// What somebody has to know of the time.
    package let words: [String]
    /// Whether the units are for the user's own manager.
    package let isForUser: Bool
    /// Whether the files are where cron or systemd looks for them.
    package let isInPlace: Bool

    /// - Parameter place: where this is called, and by whom.
    /// - Throws: CommandFailure, usage.
    package init(
        _ invocation: ScheduleInvocation,
        at place: SchedulePlace
    ) throws(CommandFailure) {
        do throws(ScheduleError) {
            let title = FilePaths.name(of: invocation.run.playbook.name)
            let name = invocation.name ?? ScheduleName.of(playbook: title)
            try ScheduleName.check(name)
            let (rhythm, word) = try Self.rhythm(of: invocation.time)
                .avoiding(invocation.isUTC ? [] : place.skips, catchesUp: invocation.form != .systemd)
            words = word.map { [Self.text($0)] } ?? []
            let command = try ScheduledCommand(
                folder: place.folder,
                program: place.program,
                arguments: ["--cron"] + Self.arguments(invocation, at: place),
                title: title
            )
            self.name = name
            form = invocation.form
            isInPlace = invocation.folder == nil
            isForUser = form == .systemd && !place.isRoot && invocation.account == nil
            switch form {
            case .crontab:
                documents = [Document(path: "", text: try Crontab.line(rhythm, command) + "\n")]
            case .cronFile:
                let user = invocation.account ?? place.account
                let text = try Crontab.file(name, rhythm, command, user: user)
                documents = [Document(path: "\(invocation.folder ?? "/etc/cron.d")/\(name)", text: text)]
            case .systemd:
                let units = try TimerUnits(
                    name,
                    rhythm,
                    isUTC: invocation.isUTC,
                    command,
                    splay: invocation.run.splay ?? .zero,
                    grace: invocation.run.limits.grace,
                    user: isForUser ? nil : invocation.account ?? place.account
                )
                let folder = invocation.folder ?? (isForUser ? place.userUnits : "/etc/systemd/system")
                documents = [
                    Document(path: "\(folder)/\(name).service", text: units.service),
                    Document(path: "\(folder)/\(name).timer", text: units.timer),
                ]
            }
        } catch {
            throw CommandFailure(.usage, error.message)
        }
    }

    /// What is printed where nothing is installed: files with their names above, as `systemctl cat` has them.
    package var text: String {
        guard form == .systemd else { return documents.map(\.text).joined() }
        return documents.map { "# \($0.path)\n\($0.text)" }.joined(separator: "\n")
    }

    private static func rhythm(of time: ScheduleInvocation.Time) throws(ScheduleError) -> Rhythm {
        switch time {
        case .every(let seconds): return try Rhythm.every(seconds: seconds)
        case .daily(let text):
            guard let time = DayTime(text) else {
                throw ScheduleError(
                    "--at does not take '\(text)': it takes a time of day, 00:00 to 23:59, such as 02:30."
                )
            }
            return .daily(time)
        }
    }

    /// The playbook, then its options. Where they name no recordings folder and the environment does, so do they: what a
    /// schedule starts has another environment.
    private static func arguments(_ invocation: ScheduleInvocation, at place: SchedulePlace) -> [String] {
        var options = invocation.arguments
        if invocation.run.recordings == nil, let folder = place.recordings { options.append("--recordings=\(folder)") }
        guard case .file(let path) = invocation.run.playbook else { return options }
        return [path.hasPrefix("/") ? path : "\(place.folder)/\(path)"] + options
    }

    private static func text(_ word: Rhythm.Skipped) -> String {
        switch word {
        case .moved(let time, let skip):
            "on \(skip.day) there is no \(time.text): clocks go from \(skip.from.text) to \(skip.to.text), and a timer would "
                + "lose that night. The timer is for \(skip.to.text), every night; --utc keeps a time of UTC instead."
        case .caughtUp(let time, let skip):
            "on \(skip.day) there is no \(time.text): clocks go from \(skip.from.text) to \(skip.to.text), and Debian's cron "
                + "runs it soon after; another cron may not."
        }
    }
}

/// Where and by whom `psrun schedule` is called.
package struct SchedulePlace: Sendable, Hashable {
    /// The working folder.
    package var folder: String
    /// psrun's own path, from the root on.
    package var program: String
    package var account: String
    package var isRoot: Bool
    /// The folder of the user's own units.
    package var userUnits: String
    /// PSRUN_RECORDINGS; nil where it is not set.
    package var recordings: String?
    /// What clocks here skip in the years to come.
    package var skips: [ClockSkip]

    package init(
        folder: String,
        program: String,
        account: String,
        isRoot: Bool,
        userUnits: String,
        recordings: String?,
        skips: [ClockSkip]
    ) {
        self.folder = folder
        self.program = program
        self.account = account
        self.isRoot = isRoot
        self.userUnits = userUnits
        self.recordings = recordings
        self.skips = skips
    }
}
