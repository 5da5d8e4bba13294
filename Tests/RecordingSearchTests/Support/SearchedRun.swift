import PSRunTestSupport
import Patterns
import Recording
import RecordingFormat
import RecordingSearch

/// A recorded run of chosen events, and what a search finds in it.
struct SearchedRun {
    let folder: String
    let parent: TemporaryFolder

    /// Records and seals a run.
    /// - Parameter order: in which the targets end; nil for their own.
    init(_ targets: [(name: String, events: [RecordedEvent])], ending order: [Int]? = nil) async throws {
        parent = try TemporaryFolder()
        let recorder = try await Self.recorder(in: parent.path, targets.map(\.name))
        for (place, entry) in (order ?? Array(targets.indices)).enumerated() {
            let target = targets[entry]
            await Self.record(target.events, entry, target.name, in: recorder)
            recorder.finish(entry)
            if place % 32 == 31 { try await recorder.commit() }
        }
        folder = try await recorder.seal(exitCode: 0).folder
    }

    /// A copy of a run of the frozen fixture: its frames have no checksums.
    init(frozen name: String) async throws {
        parent = try TemporaryFolder()
        folder = parent.path(of: name)
        let fixture = "\(PackageRoot.path)/Tests/IntegrationTests/Fixtures/format-1/\(name)"
        let copied = try await ChildProgram.run(["/bin/cp", "-R", fixture, folder])
        guard copied.ending == .exited(0) else { throw TestSupportError(copied.description) }
    }

    /// Records and seals a run of one target whose console showed this, in these pieces.
    init(showing pieces: [String]) async throws {
        try await self.init([("web1", Self.shown(pieces))])
    }

    static func shown(_ pieces: [String]) -> [RecordedEvent] {
        pieces.enumerated().map { number, text in
            RecordedEvent(time: UInt64(number) * 1_000_000, code: .output, data: text)
        }
    }

    static func recorder(in folder: String, _ targets: [String]) async throws -> RunRecorder {
        let run = RunDescription(
            playbookName: "nightly.ps1",
            playbookBytes: [0x31],
            startedSeconds: 1_795_312_800,
            psrunVersion: "0",
            targets: targets
        )
        return try await RunRecorder.create(in: folder, run: run, suffix: "3fa91c")
    }

    static func record(_ events: [RecordedEvent], _ entry: Int, _ target: String, in recorder: RunRecorder) async {
        recorder.begin(
            entry,
            EntryHeader(target: target, columns: 80, rows: 24, startedSeconds: 1_795_312_800, title: "nightly.ps1")
        )
        for event in events {
            recorder.record(event, in: entry)
            await recorder.waitForRoom()
        }
    }

    /// - Throws: the first `SearchFailure`.
    func hits(
        _ pattern: String,
        options: Pattern.Options = [],
        streams: Set<SearchStream> = SearchStream.usual,
        targets: Set<String>? = nil
    ) throws -> [SearchHit] {
        let query = SearchQuery(pattern: try Pattern(pattern, options: options), streams: streams)
        let opened = ArchiveSearch.open([folder], threads: 2) { target in
            targets?.contains(String(decoding: target, as: UTF8.self)) ?? true
        }
        var hits: [SearchHit] = []
        var failure: SearchFailure?
        ArchiveSearch.search(try opened.map { try $0.get() }, for: query, threads: 2) { hit in
            hits.append(hit)
            return true
        } failure: {
            failure = $0
            return false
        }
        if let failure { throw failure }
        return hits
    }

    func texts(_ pattern: String, options: Pattern.Options = []) throws -> [String] {
        try hits(pattern, options: options).map(\.text)
    }
}
