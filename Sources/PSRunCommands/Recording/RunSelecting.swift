import Glibc
import PSRunCommandLine
import Recording
import RecordingFormat

extension RunStore {
    /// The runs that a command line means: those that are named, or all, the oldest first, that began within its time.
    /// - Throws: `notFound` or `ambiguous` for a name, `folderUnusable`, or `notFound` for a day that there is not.
    func runs(_ selection: RunSelection) throws(RecordingError) -> [RecordedRun] {
        let now = Int64(time(nil))
        let since = try selection.since?.seconds(now: now)
        let until = try selection.until?.seconds(now: now, lastOfDay: true)
        let playbook = selection.playbook.map(RunName.stem(of:))
        func isWanted(_ name: String) -> Bool {
            guard let parts = RunName.parts(of: name) else { return false }
            return parts.startedSeconds >= since ?? .min && parts.startedSeconds <= until ?? .max
                && (playbook == nil || parts.playbook == playbook)
        }
        guard !selection.runs.isEmpty else { return try runs(where: isWanted) }
        var runs: [RecordedRun] = []
        for name in selection.runs {
            let run = try run(name)
            if isWanted(run.name), !runs.contains(where: { $0.folder == run.folder }) { runs.append(run) }
        }
        return runs
    }
}

extension PastMoment {
    /// In seconds since 1970; of a day the first one, or the last.
    func seconds(now: Int64, lastOfDay: Bool = false) throws(RecordingError) -> Int64 {
        switch self {
        case .ago(let seconds): return now - seconds
        case .date(let text):
            guard let time = UTCTime(text) else { throw RecordingError(.notFound, "\(text) is not a valid time.") }
            return time.secondsSince1970 + (lastOfDay && text.utf8.count == 10 ? 86_399 : 0)
        }
    }
}

/// Which targets `--host` means, as a test that is quick to say no.
struct TargetFilter: Sendable {
    private let hosts: [[UInt8]]

    init(_ hosts: [String]) {
        self.hosts = hosts.map { Array($0.lowercased().utf8) }
    }

    /// - Parameter target: a target as it was named; one of them is a host where it is the host, or has it as its host
    ///   part.
    func contains(_ target: some Collection<UInt8>) -> Bool {
        guard !hosts.isEmpty else { return true }
        let lowered = target.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        return hosts.contains { host in
            guard lowered.count >= host.count, lowered.firstRange(of: host) != nil else { return false }
            guard lowered != host else { return true }
            let name = try? HostName.parse(String(decoding: target, as: UTF8.self))
            return name.map { Array($0.host.lowercased().utf8) } == host
        }
    }
}
