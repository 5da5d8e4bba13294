extension VerbDefinition {
    private static func namedRun(isRequired: Bool, _ help: String) -> Operand {
        Operand(placeholder: "RUN", isRequired: isRequired, completion: .words(["last"]), help: help)
    }

    static let search = VerbDefinition(
        verb: .search,
        operand: Operand(
            placeholder: "PATTERN",
            isRequired: true,
            completion: .nothing,
            help: "A regular expression in Perl's syntax, as grep -P takes it, matched against one line at a time."
        ),
        more: namedRun(
            isRequired: false,
            "A run's folder, a unique part of its name, last, or last~1; all runs where none is named."
        ),
        options: SearchOptions.search,
        summary: "find a text in recorded runs",
        help: """
            Finds PATTERN in what was recorded, as a person saw it: lines put back together however they arrived, without \
            colours. Prints each line with its run, target, step and time. Runs in progress and killed ones are searched \
            as far as they are written. As grep does, it ends with 0 when something was found and with 1 when nothing \
            was; with 6 when a part could not be searched, or a line comes from a damaged entry.
            """
    ) { (draft, pattern) in
        var search = draft.search
        search.pattern = pattern ?? ""
        search.selection.runs = draft.more
        return .search(search)
    }
}
