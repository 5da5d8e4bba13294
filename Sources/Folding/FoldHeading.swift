/// The lines between folded texts.
package enum FoldHeading {
    private static let shownText = 120

    /// `=== line 3: df -h /srv`; of a block the first line that is not a comment. Not fit for a terminal yet.
    package static func text(of title: String, _ text: String) -> String {
        let lines = text.split(whereSeparator: \.isNewline)
        let first = String(lines.first { $0.first { $0 != " " && $0 != "\t" } != "#" } ?? lines.first ?? "")
        let shown = first.count > shownText ? first.prefix(shownText) + "…" : first[...]
        let rest = lines.count > 1 && shown.last != "…" ? " …" : ""
        return first.isEmpty || first == title ? "=== \(title)" : "=== \(title): \(shown)\(rest)"
    }

    /// `--- web[01-03] (3): error, exit code 1; as on web01`.
    /// - Parameters:
    ///   - names: of the class's targets, in the run's order.
    ///   - shown: the target whose own text follows.
    ///   - isSilent: whether no text follows.
    package static func text<Copy>(
        of class: StepFold<Copy>.Class,
        names: [String],
        shown: String,
        isSilent: Bool
    ) -> String {
        let count = names.count > 1 ? " (\(names.count))" : ""
        var words = [`class`.ending, isSilent ? "no output" : ""].filter { !$0.isEmpty }
        if `class`.differs { words.append("as on \(shown)") }
        return "--- \(HostLabel.text(names))\(count)" + (words.isEmpty ? "" : ": " + words.joined(separator: ", "))
    }
}
