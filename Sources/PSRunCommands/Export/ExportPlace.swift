import Audit
import PSRunCommandLine
import Recording
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

    /// Notes in the recordings' chain who is about to read what of a sealed run.
    func noteAccess(_ invocation: ExportInvocation) async throws(RecordingError) {
        guard case .run(let run, let manifest) = self else { return }
        let folder = run.folder.dropLast(run.name.utf8.count + 1)
        let host = invocation.host.map { " --host \($0)" } ?? ""
        try await AccessLog.append(
            reading: [manifest],
            in: folder.isEmpty ? "." : String(folder),
            what: "export --as \(invocation.format.rawValue)\(host)"
        )
    }

    func open() throws -> any ExportSource {
        switch self {
        case .file(let path): try FileExportSource(path: path)
        case .run(let run, _): SealedExportSource(try SealedRecording(folder: run.folder))
        }
    }
}
