import ExportFiles
import Glibc
import PSRunCommandLine
import Recording
import RecordingExport
import RecordingFormat

/// Where an export reads: found, and not opened yet.
enum ExportPlace: Sendable {
    case file(String)
    case run(RecordedRun, Manifest)

    /// - Throws: RecordingError: there is no such run, or it is not sealed.
    init(_ invocation: ExportInvocation, environment: [String: String]) throws(RecordingError) {
        switch invocation.source {
        case .file(let path): self = .file(path)
        case .run(let name):
            let store = try RunStore.standard(option: invocation.recordings, environment: environment)
            let run = try store.run(name)
            try run.requireSealed()
            guard let manifest = run.manifest else {
                throw RecordingError(.unsealed, "\(run.name) is not sealed.")
            }
            self = .run(run, manifest)
        }
    }

    var isRecovered: Bool {
        if case .run(_, let manifest) = self { manifest.recovered } else { false }
    }

    /// The runs of the same playbook in its recordings folder that began since then and before it, the oldest first, also
    /// those that cannot be read any more. Of a file nothing is known.
    func earlierRuns(since: PastMoment) throws(RecordingError) -> [RecordedRun] {
        guard case .run(let run, let manifest) = self else { return [] }
        let first = try since.seconds(now: Int64(time(nil)))
        let playbook = RunName.stem(of: manifest.playbookName)
        let runs = try RunStore(folder: run.recordingsFolder).runsAndTombstones { name in
            guard let parts = RunName.parts(of: name), parts.playbook == playbook else { return false }
            return parts.startedSeconds >= first && parts.startedSeconds <= manifest.startedSeconds
        }
        // Names of playbooks are cut to fit the folder's.
        return runs.prefix { $0.name != run.name }.filter { earlier in
            earlier.manifest.map { $0.playbookName == manifest.playbookName } ?? true
        }
    }

    /// Notes in the recordings' chain who is about to read what of sealed runs.
    func noteAccess(
        _ invocation: ExportInvocation,
        _ earlier: [RecordedRun],
        _ console: VerbConsole
    ) async throws(RecordingError) {
        guard case .run(let run, let manifest) = self else { return }
        let host = invocation.host.map { " --host \($0)" } ?? ""
        let others = earlier.filter(\.isSealed).compactMap { other in other.manifest.map { (other.folder, $0) } }
        try await console.noteReading(
            others + [(run.folder, manifest)],
            "export --as \(invocation.format.rawValue)\(host)"
        )
    }

    /// Opens it for the sessions that `--host` means.
    func open(host: String?) throws -> (source: any ExportSource, sessions: [ExportedSession]) {
        switch self {
        case .file(let path):
            let source = try ExportFile.open(path)
            return (source, try source.sessions(matching: host))
        case .run(let run, _):
            let (recording, entries) = try run.open(host: host)
            let source = SealedExportSource(recording, entries)
            return (source, source.sessions)
        }
    }
}

extension ExportSource {
    /// The sessions that `--host` means.
    /// - Throws: `notFound` where there is none.
    fileprivate func sessions(matching host: String?) throws(RecordingError) -> [ExportedSession] {
        try sessions.map(\.target).indices(matching: host, of: run.name).map { sessions[$0] }
    }
}
