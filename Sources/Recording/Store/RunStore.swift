import Files
import Glibc
import RecordingFormat
import SystemErrors

/// A folder of recorded runs.
package struct RunStore: Sendable {
    /// The recordings folder, without a slash at its end.
    package let folder: String

    package init(folder: String) {
        let slashes = folder.reversed().prefix { $0 == "/" }.count
        self.folder = slashes == folder.count ? "/" : String(folder.dropLast(slashes))
    }

    /// Chooses the recordings folder: `option`, else PSRUN_RECORDINGS, else `./recordings` where it exists, else
    /// `psrun/recordings` under XDG_STATE_HOME or ~/.local/state. Nothing is made here; `RunRecorder.create` does.
    /// - Throws: `folderUnusable` where nothing tells of a folder.
    package static func standard(
        option: String?,
        environment: [String: String]
    ) throws(RecordingError) -> RunStore {
        func variable(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        if let chosen = option ?? variable("PSRUN_RECORDINGS") {
            guard !chosen.isEmpty else {
                throw RecordingError(.folderUnusable, "--recordings needs the name of a folder; it is empty.")
            }
            return RunStore(folder: chosen)
        }
        if FilePaths.isFolder("recordings") { return RunStore(folder: "recordings") }
        // The XDG specification has relative paths ignored.
        if let state = variable("XDG_STATE_HOME"), state.hasPrefix("/") {
            return RunStore(folder: "\(state)/psrun/recordings")
        }
        guard let home = variable("HOME") ?? UserAccount(getuid())?.home else {
            throw RecordingError(
                .folderUnusable,
                "There is no folder for recordings: HOME and XDG_STATE_HOME are not set. Name one with --recordings."
            )
        }
        return RunStore(folder: "\(home)/.local/state/psrun/recordings")
    }

    /// All runs, the oldest first, but for those that were pruned. A folder that does not exist has none.
    /// - Throws: `folderUnusable` where the folder cannot be read.
    package func runs(where isWanted: (String) -> Bool = { _ in true }) throws(RecordingError) -> [RecordedRun] {
        try presentNames().filter(isWanted).map { RecordedRun(folder: "\(folder)/\($0)") }
    }

    /// The same with those that were pruned.
    /// - Throws: `folderUnusable` where the folder cannot be read.
    package func runsAndTombstones(
        where isWanted: (String) -> Bool = { _ in true }
    ) throws(RecordingError) -> [RecordedRun] {
        try names().filter(isWanted).map { RecordedRun(folder: "\(folder)/\($0)") }
    }

    /// Names of runs that are links: what they lead to lies elsewhere, and nothing is read or written there.
    package func links() throws(RecordingError) -> [String] {
        try entries().filter { $0.isLink }.map(\.name)
    }

    /// Finds a run: a folder, the whole or a unique part of its name, or `last`. `last~N` is the Nth before the last, and
    /// `PART~N` the Nth before the last whose name has the part. A run that was pruned is found by its whole name only.
    /// - Throws: `notFound` or `ambiguous`.
    package func run(_ text: String) throws(RecordingError) -> RecordedRun {
        if text.contains("/"), FilePaths.isFolder(text) { return try Self.run(at: RunStore(folder: text).folder) }
        let all = try entries()
        if let entry = all.first(where: { $0.name == text }) {
            guard !entry.isLink else {
                throw RecordingError(
                    .notFound,
                    "\(text) is a link, and not a run's folder. Name the folder that it leads to, with its path."
                )
            }
            return RecordedRun(folder: "\(folder)/\(text)")
        }
        let names = try presentNames()
        if let (part, back) = Self.stepsBack(text) {
            let matches = part == "last" ? names : names.filter { $0.contains(part) }
            guard back < matches.count else {
                let which = part == "last" ? "" : " whose name has \(part)"
                throw RecordingError(
                    .notFound,
                    "There is no run \(text): \(folder) holds \(matches.count) runs\(which)."
                )
            }
            return RecordedRun(folder: "\(folder)/\(matches[matches.count - 1 - back])")
        }
        let matches = names.filter { !text.isEmpty && $0.contains(text) }
        guard let match = matches.first else {
            throw RecordingError(.notFound, "There is no run \(text) in \(folder). `psrun list` shows what is there.")
        }
        guard matches.count == 1 else {
            let some = (matches.count > 3 ? "…, " : "") + matches.suffix(3).joined(separator: ", ")
            throw RecordingError(
                .ambiguous,
                "\(matches.count) runs match \(text): \(some). Write more of the one you mean, or \(text)~0 for "
                    + "the newest, \(text)~1 for the one before."
            )
        }
        return RecordedRun(folder: "\(folder)/\(match)")
    }

    /// A link that somebody names is what it leads to. Any other folder would pass for a run that was killed before its first record.
    private static func run(at folder: String) throws(RecordingError) -> RecordedRun {
        guard mayBeRun(folder) else {
            throw RecordingError(
                .notFound,
                "\(folder) is not a run's folder. If it holds runs, name it with --recordings."
            )
        }
        return RecordedRun(folder: FilePaths.isLink(folder) ? FilePaths.resolved(folder) ?? folder : folder)
    }

    /// Whether a folder's name is a run's, or something in it looks like one.
    package static func mayBeRun(_ folder: String) -> Bool {
        let files = [
            ArchiveBuilder.manifestName, ArchiveBuilder.archiveName, ArchiveBuilder.journalName, Tombstone.fileName,
        ]
        return isRunName(FilePaths.name(of: folder)) || files.contains { FilePaths.exists("\(folder)/\($0)") }
    }

    /// `last` and 0 for `last`, PART and N for `PART~N`, nil for anything else: no run's name has a tilde.
    private static func stepsBack(_ text: String) -> (part: String, back: Int)? {
        if text == "last" { return (text, 0) }
        let parts = text.split(separator: "~", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, let back = Int(parts[1]), back >= 0 else { return nil }
        return (String(parts[0]), back)
    }

    /// The names of all runs but those that were pruned, the oldest first.
    /// - Throws: `folderUnusable` where the folder cannot be read.
    package func presentNames() throws(RecordingError) -> [String] {
        try names().filter { !RecordedRun.isPruned("\(folder)/\($0)") }
    }

    /// The names of all runs' folders, in the order of their beginning.
    private func names() throws(RecordingError) -> [String] {
        try entries().filter { !$0.isLink }.map { (name: $0.name, key: orderingKey($0.name)) }
            .sorted { $0.key < $1.key }.map(\.name)
    }

    /// Whatever has a run's name here.
    private func entries() throws(RecordingError) -> [(name: String, isLink: Bool)] {
        guard FilePaths.exists(folder) else { return [] }
        do throws(SystemError) {
            return try FilePaths.names(in: folder).filter(Self.isRunName).map { name in
                (name, FilePaths.isLink("\(folder)/\(name)"))
            }
        } catch {
            throw RecordingError(.folderUnusable, "The recordings folder \(folder) cannot be read: \(error.text).")
        }
    }

    /// The start's second, as it stands in the name; within one second the order in which the runs were sealed, and then
    /// that of the other folders' last changes.
    private func orderingKey(_ name: String) -> (String, Int64, String) {
        let sealed = FilePaths.modificationNanoseconds("\(folder)/\(name)/\(ArchiveBuilder.manifestName)")
        let changed = sealed > 0 ? sealed : FilePaths.modificationNanoseconds("\(folder)/\(name)")
        return (String(name.prefix(16)), changed, name)
    }

    /// Whether a name is `<8 digits>T<6 digits>Z-…`, and made of what names of folders are.
    package static func isRunName(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard RunName.isFolder(name), bytes.count >= 25, bytes[8] == 0x54, bytes[15] == 0x5A, bytes[16] == 0x2D else {
            return false
        }
        return bytes[..<15].enumerated().allSatisfy { $0 == 8 || (0x30...0x39).contains($1) }
            && bytes[bytes.count - 7] == 0x2D
            && bytes.suffix(6).allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
