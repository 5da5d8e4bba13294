import ConsoleText
import ExportFiles
import Glibc
package import PSRunCommandLine
import Recording
import RecordingExport
import RecordingFormat
import Threads

/// `psrun export RUN --as FORMAT`: a recorded run in another form.
package enum ExportCommand {
    package static func run(_ invocation: ExportInvocation, console: VerbConsole) async -> Int32 {
        do {
            let environment = console.environment
            let place = try await onOwnThread { Result { try ExportPlace(invocation, environment: environment) } }.get()
            let earlier = try invocation.since.map { try place.earlierRuns(since: $0) }
            if invocation.keepsAccessLog { try await place.noteAccess(invocation, earlier ?? [], console) }
            return try await onOwnThread { Result { try export(invocation, place, earlier, console) } }.get().number
        } catch let failure as CommandFailure {
            console.warn("psrun: \(TerminalText.presentable(failure.message, colored: false))")
            return failure.code.number
        } catch let error as RecordingError {
            return console.fail(error)
        } catch {
            console.warn("psrun: \(TerminalText.presentable("\(error)", colored: false))")
            return ExitCode.notAllWell.number
        }
    }

    private static func export(
        _ invocation: ExportInvocation,
        _ place: ExportPlace,
        _ earlier: [RecordedRun]?,
        _ console: VerbConsole
    ) throws -> ExitCode {
        var isWhole = true
        let (source, sessions) = try place.open(host: invocation.host)
        switch invocation.format {
        case .cast2, .cast3: try exportCasts(sessions, of: source, invocation, console)
        case .jsonl: try exportDocument(sessions, of: source, JSONLinesEncoder(), invocation, console)
        case .transcript: try exportDocument(sessions, of: source, TranscriptEncoder(), invocation, console)
        case .junit: try exportDocument(sessions, of: source, JUnitEncoder(), invocation, console)
        case .markdown:
            let encoder = MarkdownEncoder(summaries: try source.summaries(of: sessions))
            try exportDocument(sessions, of: source, encoder, invocation, console)
        case .html: isWhole = try exportPage(sessions, of: source, earlier, invocation, console)
        }
        guard isWhole else { return .notAllWell }
        guard place.isRecovered else { return .allWell }
        console.warn(
            "psrun: this recording is not whole: psrun ended without sealing it, and "
                + "\(source.run.name) was recovered from its journal."
        )
        return .recordingNotWhole
    }

    /// All sessions in one document.
    private static func exportDocument(
        _ sessions: [ExportedSession],
        of source: any ExportSource,
        _ encoder: some RecordingEncoder,
        _ invocation: ExportInvocation,
        _ console: VerbConsole
    ) throws {
        try write(sessions, of: source, encoder, to: try ExportSink(path: invocation.output, console: console))
    }

    /// One page; it holds so much, and says so of what it leaves out.
    /// - Returns: whether all earlier runs that should be whole are.
    private static func exportPage(
        _ sessions: [ExportedSession],
        of source: any ExportSource,
        _ earlier: [RecordedRun]?,
        _ invocation: ExportInvocation,
        _ console: VerbConsole
    ) throws -> Bool {
        let filter = TargetFilter(invocation.host.map { [$0] } ?? [])
        let threads = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let nights = earlier.map { EarlierNights($0, threads: threads) { filter.contains($0) } }
        let page = try PageExport(sessions, of: source, earlier: nights)
        try exportDocument(sessions, of: source, page.encoder, invocation, console)
        let failures = nights?.failures.map(\.message) ?? []
        for text in page.warnings + failures {
            console.warn("psrun: \(TerminalText.presentable(text, colored: false))")
        }
        return failures.isEmpty
    }

    /// An asciicast holds one session: of several, each gets a file in a folder.
    private static func exportCasts(
        _ sessions: [ExportedSession],
        of source: any ExportSource,
        _ invocation: ExportInvocation,
        _ console: VerbConsole
    ) throws {
        let isFolder = invocation.output.map { $0.hasSuffix("/") || OutputFolder.isThere($0) } ?? false
        guard sessions.count != 1 || isFolder else {
            return try writeCast(
                sessions,
                of: source,
                invocation.format,
                ExportSink(path: invocation.output, console: console)
            )
        }
        guard let folder = invocation.output else {
            throw CommandFailure(
                .usage,
                "\(source.run.name) has \(sessions.count) targets, and an asciicast holds one: name one with --host, "
                    + "or a folder for all of them with --output."
            )
        }
        try OutputFolder.make(folder)
        for session in sessions {
            // The target's name is far from any path here, whatever an archive says.
            let name = RunName.member(entry: session.number - 1, target: session.target)
            let sink = try ExportSink(path: "\(folder)/\(name)", console: console)
            try writeCast([session], of: source, invocation.format, sink)
        }
    }

    private static func writeCast(
        _ sessions: [ExportedSession],
        of source: any ExportSource,
        _ format: ExportInvocation.Format,
        _ sink: ExportSink
    ) throws {
        if format == .cast3 {
            try write(sessions, of: source, Cast3Encoder(), to: sink)
        } else {
            try write(sessions, of: source, Cast2Encoder(), to: sink)
        }
    }

    private static func write(
        _ sessions: [ExportedSession],
        of source: any ExportSource,
        _ encoder: some RecordingEncoder,
        to sink: ExportSink
    ) throws {
        var encoder = encoder
        encoder.begin(source.run, to: &sink.pending)
        for session in sessions {
            encoder.begin(session, to: &sink.pending)
            if encoder.needsLines(of: session) {
                try source.forEachLine(of: session, checksFirst: sink.isShownAtOnce) { line, number throws(CastError) in
                    try encoder.encode(line, number: number, to: &sink.pending)
                    return sink.drain()
                }
            }
            if let failure = sink.failure { throw failure }
            encoder.endSession(to: &sink.pending)
        }
        encoder.end(to: &sink.pending)
        try sink.finish()
    }
}
