import NodeSets
package import RecordingFormat
package import Resuming

/// What is left of a run, as `resume` tells it.
package struct ResumeReport {
    private let plan: ResumePlan
    /// Lines that ran, of the targets that go on behind them.
    private let linesRun: Int

    /// - Parameter sessions: what the run's recording says of its targets.
    package init(_ plan: ResumePlan, _ sessions: [SessionFacts]) {
        self.plan = plan
        let names = Set(plan.continuing.map(\.name))
        linesRun = sessions.filter { names.contains($0.target) }.reduce(0) { $0 + $1.linesRun }
    }

    /// What to say where there is nothing to run.
    package var ending: [String] {
        guard !plan.targets.isEmpty else { return ["\(plan.run) is whole: nothing of it is left to run"] }
        return ["nothing of \(plan.run) is left to run but for lines that may have run"] + wordsOnHeld
    }

    /// What to say before it is continued.
    package var beginning: [String] {
        var parts: [String] = []
        func add(_ targets: [ResumePlan.Target], _ words: String) {
            if !targets.isEmpty { parts.append("\(Self.count(targets.count)) \(words)") }
        }
        add(plan.fresh, "from the beginning")
        add(plan.continuing, "behind what ran there (\(LineCount.text(linesRun)), not run again)")
        add(plan.repeating, "with a line once more that may have run")
        add(plan.held, "not entered")
        if plan.wholeCount > 0 {
            parts.append("\(Self.count(plan.wholeCount)) left alone, since nothing is left there")
        }
        let isNew = !plan.continuing.isEmpty || !plan.repeating.isEmpty
        return ["continuing \(plan.run): \(parts.joined(separator: "; "))"]
            + (isNew ? ["sessions are new: variables, functions and current folders of the old ones are gone"] : [])
            + wordsOnHeld
    }

    /// Which targets wait for somebody to look there.
    private var wordsOnHeld: [String] {
        let groups = Dictionary(grouping: plan.held) { $0.start.doubt }.sorted { left, right in
            left.key?.lines.lowerBound ?? 0 < right.key?.lines.lowerBound ?? 0
        }
        return groups.compactMap { doubt, targets in
            guard let doubt, let lines = targets.first?.doubtText else { return nil }
            let names = NodeSet(names: targets.map(\.name)).folded
            return
                "\(names): \(lines) may have run in \(doubt.run), and later lines may depend on that; look there, and "
                + "--repeat-unknown '\(names):\(doubt.lines.lowerBound)' sends it once more"
        }
    }

    private static func count(_ targets: Int) -> String { "\(targets) target\(targets == 1 ? "" : "s")" }

    // MARK: A dry run

    /// A line for each target.
    package var text: String {
        plan.targets.isEmpty
            ? ending.map { $0 + "\n" }.joined()
            : plan.targets.map { "\($0.name): \(Self.place(of: $0))\n" }.joined()
    }

    /// By the names of the machine-readable result.
    package var json: JSONValue {
        let targets = plan.targets.map { target -> JSONValue in
            let start = target.start
            var members = [
                JSONMember(.target, .string(target.name)),
                JSONMember(.firstLine, start.isHeld ? .null : .integer(Int64(start.through) + 1)),
            ]
            if let doubt = start.doubt {
                let lines = [doubt.lines.lowerBound, doubt.lines.upperBound]
                members.append(JSONMember(.doubt, .array(lines.map { .integer(Int64($0)) })))
                members.append(JSONMember(.earlierRun, .string(doubt.run)))
                members.append(JSONMember(.repeated, .bool(start.repeatsDoubt)))
            }
            return .object(members)
        }
        return .record([.continues: .string(plan.run), .targets: .array(targets)])
    }

    private static func place(of target: ResumePlan.Target) -> String {
        let start = target.start
        if let doubt = start.doubt, let lines = target.doubtText {
            return start.repeatsDoubt
                ? "\(lines) once more, which may have run in \(doubt.run)"
                : "not entered: \(lines) may have run in \(doubt.run)"
        }
        guard let last = start.ran.last else { return "from the beginning" }
        return "behind line \(last.through), which ran in \(last.run)"
    }

    // MARK: rerun

    /// How many lines have already run on each target: a sentence for all with the same numbers.
    package static func linesRun(on targets: [SessionFacts]) -> [String] {
        let groups = Dictionary(grouping: targets) { [$0.linesRun, $0.linesInDoubt] }
        return groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { counts, targets in
            let names = NodeSet(names: targets.map(\.target)).folded
            let (ran, doubtful) = (counts.first ?? 0, counts.last ?? 0)
            guard ran > 0 || doubtful > 0 else { return "\(names): no line has run there yet" }
            let doubt = doubtful > 0 ? ", and \(LineCount.text(doubtful)) may have" : ""
            return "\(names): \(LineCount.text(ran)) \(ran == 1 ? "has" : "have") already run there\(doubt)"
        }
    }
}
