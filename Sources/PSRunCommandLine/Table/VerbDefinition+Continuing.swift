extension VerbDefinition {
    static let resume = VerbDefinition(
        verb: .resume,
        operand: recordedRun(isRequired: true),
        options: ContinuingOptions.resume,
        summary: "run what provably did not run of a run that was cut off",
        help: """
            Continues a run that was killed, stopped or cut off by a time limit: targets that were never entered from the \
            beginning, and begun ones behind the last line that ended. Lines that ran are not run again. A line that was \
            sent and has no recorded end may have run: its target is named and not entered, unless --repeat-unknown asks \
            for it. Playbook, targets and options are the recorded ones; what is given here goes before. Sessions are new: \
            variables, functions and the current folder of the old ones are gone. With nothing left, it says so and exits \
            with 0.
            """
    ) { (draft, run) in
        var resume = draft.resume
        resume.run = run ?? ""
        resume.given = ContinuingOptions.ofRun(draft.given)
        resume.dryRun = draft.run.dryRun
        resume.recordings = draft.run.recordings
        return .resume(resume)
    }

    static let rerun = VerbDefinition(
        verb: .rerun,
        operand: recordedRun(isRequired: true),
        options: ContinuingOptions.rerun,
        summary: "run a recorded playbook once more, from its beginning",
        help: """
            Runs a recorded playbook once more on the recorded targets, with the recorded options; what is given here goes \
            before. Every line is sent again: before it starts, it says how many had already run on each target. --failed \
            and --unreachable take only targets that did not go well.
            """
    ) { (draft, run) in
        var rerun = draft.rerun
        rerun.run = run ?? ""
        rerun.given = ContinuingOptions.ofRun(draft.given)
        rerun.dryRun = draft.run.dryRun
        rerun.recordings = draft.run.recordings
        return .rerun(rerun)
    }
}

/// The rows of the verbs that take a run up again.
enum ContinuingOptions {
    static let resume: [CommandOption] =
        [
            CommandOption(
                long: "repeat-unknown",
                .text("TARGET"),
                isRepeatable: true,
                help: """
                    Also send again the line of TARGET that may have run already, and go on behind it: HOST, or HOST:LINE to \
                    name the line as well, or all. It may run twice.
                    """
            ) { $0.resume.repeatUnknown.append($1) }
        ] + shared

    static let rerun: [CommandOption] =
        [
            CommandOption(
                long: "failed",
                .flag,
                help: "Only targets that were reached and did not go well, or were not run."
            ) { $0.rerun.failed = $1 },
            CommandOption(long: "unreachable", .flag, help: "Only targets that were not reached.") {
                $0.rerun.unreachable = $1
            },
        ] + shared

    /// What may be given once more: all of a run but its lines, its hosts, and what belongs to their names.
    private static let shared: [CommandOption] = RunOptions.all.filter { option in
        let isOwn = ["dry-run", "recordings", "redact", "quiet"].contains(option.long ?? "") || option.group == .output
        let isOfNames = ["user", "port", "ssh-transport", "credential"].contains(option.long ?? "")
        return option.availability == .now && (isOwn || KeptOptions.isKept(option)) && !isOfNames
    }.map { option in
        var option = option
        // The way is the recorded one.
        option.sets = []
        return option
    }

    /// Those of the given options that are a run's.
    static func ofRun(_ given: [(option: CommandOption, text: String)]) -> [GivenOption] {
        let own: Set = ["repeat-unknown", "failed", "unreachable", "dry-run", "recordings"]
        return given.map { GivenOption($0.option, $0.text) }.filter { !own.contains($0.key) }
    }
}
