import PSRunCommandLine
import Recording
import RecordingFormat

extension SealedRecording {
    /// The entries that `--host` means: whose target is `host`, or has it as its host part; all where it is nil.
    /// - Throws: `notFound` where there is none.
    func entries(matching host: String?) throws(RecordingError) -> [IndexedEntry] {
        guard let host else { return entries }
        let matches = entries.filter { $0.target == host || Self.hostPart(of: $0.target) == host.lowercased() }
        guard matches.isEmpty else { return matches }
        let some = entries.prefix(3).map(\.target).joined(separator: ", ")
        throw RecordingError(
            .notFound,
            "\(manifest.run) has no target \(host). It has \(entries.count): \(some)\(entries.count > 3 ? "…" : "")."
        )
    }

    /// `web1` of `root@web1:22`, and of anything that is no such target all of it; in lower case.
    private static func hostPart(of target: String) -> String {
        guard let name = try? HostName.parse(target) else { return target.lowercased() }
        return name.host
    }
}
