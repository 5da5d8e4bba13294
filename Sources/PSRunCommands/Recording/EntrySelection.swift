import PSRunCommandLine
import Recording
import RecordingFormat

extension RecordedRun {
    /// Opens a sealed run for the entries that `--host` means; for one of many it reads little of the others.
    /// - Throws: why there is none, `damaged`, or `notFound` where there is no such target.
    func open(host: String?) throws(RecordingError) -> (recording: SealedRecording, entries: [IndexedEntry]) {
        try requireSealed()
        // An IPv6 address has several spellings: all of the index has to be read.
        if let host, !host.contains(":") {
            let recording = try SealedRecording(folder: folder, mentioning: host)
            if let entries = try? recording.entries(matching: host) { return (recording, entries) }
        }
        let recording = try SealedRecording(folder: folder)
        return (recording, try recording.entries(matching: host))
    }
}

extension SealedRecording {
    /// The entries that `--host` means: whose target is `host`, or has it as its host part; all where it is nil.
    /// - Throws: `notFound` where there is none.
    func entries(matching host: String?) throws(RecordingError) -> [IndexedEntry] {
        guard host != nil else { return entries }
        return try entries.map(\.target).indices(matching: host, of: manifest.run).map { entries[$0] }
    }
}

extension [String] {
    /// The places of those targets that `--host` means.
    /// - Throws: `notFound` where there is none.
    func indices(matching host: String?, of run: String) throws(RecordingError) -> [Int] {
        guard let host else { return Array<Int>(indices) }
        let matches = indices.filter { self[$0] == host || Self.hostPart(of: self[$0]) == host.lowercased() }
        guard matches.isEmpty else { return matches }
        let some = prefix(3).joined(separator: ", ")
        throw RecordingError(
            .notFound,
            "\(run) has no target \(host). It has \(count): \(some)\(count > 3 ? "…" : "")."
        )
    }

    /// `web1` of `root@web1:22`, and of anything that is not such a target, all of it; in lower case.
    private static func hostPart(of target: String) -> String {
        guard let name = try? HostName.parse(target) else { return target.lowercased() }
        return name.host
    }
}
