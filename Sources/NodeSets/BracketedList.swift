/// The numbers of a bracket, with the digits that touch it.
struct BracketedList {
    /// What stands before the digits in front of the bracket, for messages.
    let stem: Substring
    /// What stands inside the bracket.
    let list: Substring
    /// Digits before the bracket, and behind it.
    let before: Substring
    let after: Substring
    let mostNumbers: Int

    private var parser: RangeParser { RangeParser(mostNumbers: mostNumbers) }

    /// - Parameter term: for messages.
    /// - Throws: `digitsBesideBracket` where ClusterShell, which writes the digits to both ends of each run, means other
    ///   nodes than those that one gets by writing them to each number.
    func numbers(of term: Substring) throws(NodeSetError) -> Set<NodeNumber> {
        guard !before.isEmpty || !after.isEmpty else { return try parser.parse(list) }
        guard after.isEmpty || !list.utf8.contains(UInt8(ascii: "/")) else {
            throw NodeSetError(
                .digitsAfterStep,
                "\(quoted(term)): digits cannot follow a range with a step; write the numbers out, such as [10,30,50]."
            )
        }
        let inside = try parser.parse(list)
        let written = Set(inside.map { NodeNumber("\(before)\($0.text)\(after)") })
        let joined: Set<NodeNumber>?
        do throws(NodeSetError) {
            joined = try parser.parse(Substring(joinedList()))
        } catch {
            joined = nil
        }
        guard joined != written else { return written }
        throw refusal(of: term, written: written, joined: joined)
    }

    /// What ClusterShell makes of it. Source: `_amend_trailing_digits` and `_amend_leading_digits` of 1.10.1.
    private func joinedList() throws(NodeSetError) -> String {
        let step = after.isEmpty ? "" : "/1" + String(repeating: "0", count: after.utf8.count)
        var shifted: [String] = []
        for part in list.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { String(trimmed($0)) + after }
            shifted.append(ends.joined(separator: "-") + (ends.count > 1 ? step : ""))
        }
        let list = after.isEmpty ? String(list) : shifted.joined(separator: ",")
        guard !before.isEmpty else { return list }
        let runs = NumberRuns.runs(of: try parser.parse(Substring(list)).sorted())
        return runs.map { run in
            run.text.split(separator: "-", omittingEmptySubsequences: false).map { before + $0 }.joined(separator: "-")
        }.joined(separator: ",")
    }

    private func refusal(
        of term: Substring,
        written: Set<NodeNumber>,
        joined: Set<NodeNumber>?
    ) -> NodeSetError {
        // A minus behind a digit is a dash of the name, which brackets cannot hold.
        let isDashed = !before.isEmpty && written.contains { $0.text.utf8.contains(UInt8(ascii: "-")) }
        let dashed = written.map { "\(stem)\($0.text)" }.sorted().joined(separator: ",")
        let ways = [isDashed ? shortened(dashed) : bracket(written)] + [joined].compactMap(\.self).map(bracket)
        let other =
            joined.map { "the \($0.count) nodes \(ways[1])" }
            ?? "an error, since the ends of the joined ranges are not equally long"
        return NodeSetError(
            .digitsBesideBracket,
            "\(quoted(term)) has two readings: the \(written.count) nodes \(ways[0]), with the digits beside the bracket written "
                + "to each number; or, as ClusterShell joins them to the ends of a range, \(other). "
                + "Write the one you mean."
        )
    }

    private func bracket(_ numbers: Set<NodeNumber>) -> String {
        "\(stem)[\(shortened(NumberRuns.fold(numbers.sorted())))]"
    }

    private func shortened(_ text: String) -> String {
        text.utf8.count > 200 ? text.prefix(60) + "…" : text
    }
}
