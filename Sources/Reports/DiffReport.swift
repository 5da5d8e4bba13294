import ConsoleText
package import PSRunCommandLine
import Patterns
import Recording
import RecordingFormat
package import RecordingSearch

/// What a comparison prints.
package struct DiffReport {
    /// So many targets of a group are named; JSON names all.
    private static let namedTargets = 8
    /// So many groups are shown with an example; JSON has all.
    private static let shownGroups = 50
    /// So many lines of an example are shown; JSON has all.
    private static let shownLines = 200

    private let format: ListInvocation.Format
    private let output: ReportOutput

    package init(format: ListInvocation.Format, output: ReportOutput) {
        self.format = format
        self.output = output
    }

    package func complain(_ failure: SearchFailure) {
        let text =
            switch failure {
            case .recording(let error, _): "not compared: \(error.message)"
            case .pattern(let error, let run, let target):
                "not compared: a mask cannot be matched against a line of \(target) in \(run): \(error.message)."
            }
        output.warn("psrun: \(TerminalText.presentable(text, colored: false))")
    }

    // MARK: One run

    package func show(_ classes: RunClasses, of run: RunDigest) {
        guard format == .text else {
            return write(
                .record([
                    .run: .string(run.name), .targetCount: .integer(Int64(run.targets.count)),
                    .classes: .array(classes.classes.map(\.json)),
                ])
            )
        }
        let count = classes.classes.count
        write("\(run.name): \(targets(run.targets.count)), \(count == 1 ? "all alike" : "\(count) classes of output")")
        for (number, kind) in classes.classes.prefix(Self.shownGroups).enumerated() {
            let outcomes = kind.outcomes.sorted { $0.key < $1.key }.map { "\($0.value) \(word($0.key))" }
            write("")
            write(
                "\(number == 0 ? "Most" : "Otherwise"): \(targets(kind.targets.count)) "
                    + "(\(outcomes.joined(separator: ", "))): \(named(kind.targets))"
            )
            guard let difference = kind.difference else { continue }
            show(difference, from: classes.classes[0].example, to: kind.example)
        }
        say(classes.classes.dropFirst(Self.shownGroups).map(\.targets), "classes")
    }

    // MARK: Two runs

    package func show(_ comparison: RunComparison, from old: RunDigest, to new: RunDigest) {
        guard format == .text else { return write(json(comparison, from: old, to: new)) }
        let changed = comparison.changes.reduce(0) { $0 + $1.targets.count }
        write("From \(old.name) to \(new.name):")
        var parts = ["\(targets(comparison.unchanged)) unchanged"]
        if changed > 0 {
            parts.append("\(changed) changed\(changed > 1 ? " in \(ways(comparison.changes.count))" : "")")
        }
        if !comparison.appeared.isEmpty { parts.append("\(comparison.appeared.count) appeared") }
        if !comparison.vanished.isEmpty { parts.append("\(comparison.vanished.count) vanished") }
        write(parts.joined(separator: ", "))
        for change in comparison.outcomes {
            write(
                "Ended \(word(change.to)) instead of \(word(change.from)): \(targets(change.targets.count)): \(named(change.targets))"
            )
        }
        if !comparison.appeared.isEmpty { write("Appeared: \(named(comparison.appeared))") }
        if !comparison.vanished.isEmpty { write("Vanished: \(named(comparison.vanished))") }
        for change in comparison.changes.prefix(Self.shownGroups) {
            write("")
            write("Changed: \(targets(change.targets.count)): \(named(change.targets))")
            show(change.difference, from: "\(old.name) \(change.example)", to: "\(new.name) \(change.example)")
        }
        say(comparison.changes.dropFirst(Self.shownGroups).map(\.targets), "changes")
    }

    private func json(_ comparison: RunComparison, from old: RunDigest, to new: RunDigest) -> JSONValue {
        .record([
            .older: .string(old.name),
            .newer: .string(new.name),
            .unchanged: .integer(Int64(comparison.unchanged)),
            .changed: .array(
                comparison.changes.map { change in
                    .record([
                        .count: .integer(Int64(change.targets.count)), .example: .string(change.example),
                        .targets: strings(change.targets), .diff: strings(change.difference.lines),
                    ])
                }
            ),
            .outcomes: .array(
                comparison.outcomes.map { change in
                    .record([
                        .from: .string(change.from), .to: .string(change.to),
                        .count: .integer(Int64(change.targets.count)), .targets: strings(change.targets),
                    ])
                }
            ),
            .appeared: strings(comparison.appeared),
            .vanished: strings(comparison.vanished),
        ])
    }

    // MARK: Both

    private func show(_ difference: LineDifference, from old: String, to new: String) {
        let lines = ["--- \(old)", "+++ \(new)"] + difference.lines
        for line in lines.prefix(Self.shownLines) {
            let text = TerminalText.presentable(line, colored: false)
            write(output.isColored ? Self.colored(text) : text)
        }
        if lines.count > Self.shownLines {
            write("… \(lines.count - Self.shownLines) more lines; --format json shows all.")
        }
    }

    private static func colored(_ line: String) -> String {
        switch line.utf8.first {
        case UInt8(ascii: "+"): "\u{1B}[32m\(line)\u{1B}[0m"
        case UInt8(ascii: "-"): "\u{1B}[31m\(line)\u{1B}[0m"
        case UInt8(ascii: "@"): "\u{1B}[36m\(line)\u{1B}[0m"
        default: line
        }
    }

    /// Groups that are not shown.
    private func say(_ rest: [[String]], _ what: String) {
        guard !rest.isEmpty else { return }
        write(
            "\n… \(rest.count) more \(what), of \(targets(rest.reduce(0) { $0 + $1.count })); --format json shows all."
        )
    }

    private func named(_ targets: [String]) -> String {
        let some = targets.prefix(Self.namedTargets).joined(separator: ", ")
        let more = targets.count - Self.namedTargets
        return TerminalText.presentable(some, colored: false) + (more > 0 ? " and \(more) more" : "")
    }

    /// An outcome, which a recording may call anything.
    private func word(_ outcome: String) -> String {
        let line = outcome.split(whereSeparator: \.isNewline).joined(separator: " ")
        return TerminalText.presentable(line, colored: false)
    }

    private func targets(_ count: Int) -> String { count == 1 ? "1 target" : "\(count) targets" }

    private func ways(_ count: Int) -> String { count == 1 ? "the same way" : "\(count) ways" }

    private func write(_ line: String) { _ = output.write(line + "\n") }

    private func write(_ value: JSONValue) { _ = output.write(String(decoding: value.indented, as: UTF8.self)) }
}

extension RunDigest {
    fileprivate var name: String { run.manifest.run }
}

extension OutputClass {
    fileprivate var json: JSONValue {
        .record([
            .count: .integer(Int64(targets.count)),
            .outcomes: .counts(outcomes),
            .example: .string(example),
            .targets: strings(targets),
            .diff: difference.map { strings($0.lines) } ?? .null,
        ])
    }
}

private func strings(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
