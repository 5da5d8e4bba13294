import ConsoleText
import Recording
import RecordingFormat
import Replay

/// Prints the console of a run in progress: one target's as it is, those of several with the target's name before each
/// line.
struct FollowPrinter {
    private let console: VerbConsole
    /// What stands before a target's lines, by the number of its entry; none where only one target is followed.
    private let prefixes: [Int: String]
    private let followed: Set<Int>
    /// Each target's own: none may colour another's lines, or hide them.
    private var styles: [Int: CarriedStyle] = [:]
    /// The entry whose line has not ended yet.
    private var openLine: Int?

    /// - Parameter block: the journal's first: it tells what the run's targets are.
    /// - Throws: `notFound` where `host` is none of them.
    init(_ block: JournalBlock, run: String, host: String?, console: VerbConsole) throws(RecordingError) {
        let description = block.records.first.flatMap { RunDescription(journalPayload: $0.payload, playbookBytes: []) }
        let targets = description?.targets ?? []
        let chosen = try targets.indices(matching: host, of: run)
        self.console = console
        followed = Set(chosen)
        let names = chosen.count > 1 ? chosen : []
        prefixes = Dictionary(
            uniqueKeysWithValues: names.map {
                ($0, TerminalText.presentable(targets[$0], colored: false) + ": ")
            }
        )
    }

    /// - Returns: false where nobody reads what is written any more.
    mutating func take(_ record: JournalRecord) -> Bool {
        guard record.kind == .event(.output), let entry = record.entry, followed.contains(entry) else { return true }
        let text = TerminalText.presentable(String(decoding: record.payload, as: UTF8.self), colored: console.colored)
        guard !text.isEmpty else { return true }
        guard let prefix = prefixes[entry] else {
            openLine = text.utf8.last == 0x0A ? nil : entry
            return console.write(styles[entry, default: CarriedStyle()].enclosed(text))
        }
        var output = openLine.map { $0 == entry ? "" : "\n" } ?? ""
        var isContinued = openLine == entry
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast(text.last == "\n" ? 1 : 0) {
            if !isContinued { output += prefix }
            isContinued = false
            output += styles[entry, default: CarriedStyle()].enclosed(String(line)) + "\n"
        }
        let isOpen = text.utf8.last != 0x0A
        if isOpen { output.removeLast() }
        openLine = isOpen ? entry : nil
        return console.write(output)
    }

    /// Ends a line that is still open.
    mutating func finish() {
        if openLine != nil { _ = console.write("\n") }
        openLine = nil
    }
}
