extension VerbDefinition {
    private static func namedRun(isRequired: Bool, _ help: String) -> Operand {
        Operand(placeholder: "RUN", isRequired: isRequired, completion: .runs, help: help)
    }

    static let search = VerbDefinition(
        verb: .search,
        operand: Operand(
            placeholder: "PATTERN",
            isRequired: true,
            completion: .nothing,
            help: "A regular expression in Perl's syntax, as for grep -P, matched against one line at a time."
        ),
        more: namedRun(
            isRequired: false,
            "A run's folder, a unique part of its name, last, or last~1. The default is all runs."
        ),
        options: SearchOptions.search,
        summary: "find a text in recorded runs",
        help: """
            Finds PATTERN in the recorded text as a person saw it: in whole lines, without colours. Prints each line with \
            its run, target, step and time. What was answered is searched, not what was asked: --stream console has both. Runs in progress and killed ones are searched as far as they are written. \
            Like grep, it exits with 0 when something was found and with 1 when nothing was; and with 6 when a part \
            could not be searched, or a line comes from a damaged entry.
            """
    ) { (draft, pattern) in
        var search = draft.search
        search.pattern = pattern ?? ""
        search.selection.runs = draft.more
        return .search(search)
    }

    static let diff = VerbDefinition(
        verb: .diff,
        operand: namedRun(
            isRequired: true,
            "A run's folder, a unique part of its name, last, or last~1; the older one first."
        ),
        more: namedRun(
            isRequired: false,
            "The run to compare it with. The default is the previous run of the same playbook."
        ),
        moreLimit: 1,
        options: SearchOptions.diff,
        summary: "compare two recorded runs, or the targets of one",
        help: """
            Compares what consoles showed in two runs, target by target, with times, addresses, ids, durations and the \
            like masked. Lists the targets that changed, those that changed alike together, with one example; and \
            those that appeared, vanished or ended with another outcome. With --within, sorts the targets of one run \
            into classes of equal output, the largest first, with one example of each other class. Exits with 0 when \
            nothing differs, and with 1 when something does.
            """
    ) { (draft, run) throws(UsageError) in
        var diff = draft.diff
        diff.older = draft.more.isEmpty ? nil : run
        diff.run = draft.more.first ?? run ?? ""
        guard !diff.within || diff.older == nil else {
            throw UsageError(.unexpectedArgument, "--within compares the targets of one run: name one run, not two.")
        }
        return .diff(diff)
    }
}
