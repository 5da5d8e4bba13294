import PSRunTestSupport
import Recording
import RecordingFormat
import Testing

/// The records in the frozen recordings, read and written again by the types that have them now.
@Suite("The records of frozen recordings")
struct FrozenRecordTests {
    private static let runs = [
        "format-1/20261102T020000Z-nightly-00000b", "format-1/20261103T020000Z-disk-00000c",
        "recorded-0.1.0/20261130T054147Z-nightly-4998cb",
    ]

    /// All lines of a run's entries: the entry, its first line, and its events.
    private static func entries(of run: String) throws -> [(
        entry: IndexedEntry, header: [UInt8], events: [RecordedEvent]
    )] {
        let recording = try SealedRecording(folder: "\(PackageRoot.path)/Tests/IntegrationTests/Fixtures/\(run)")
        return try recording.entries.map { entry in
            var header: [UInt8] = []
            var events: [RecordedEvent] = []
            try recording.forEachCheckedLine(of: entry) { line, number throws(RecordingError) in
                do throws(CastError) {
                    if number == 1 { header = Array(line) }
                    if case .event(let event) = try CastLine(decoding: line, number: number) { events.append(event) }
                } catch {
                    throw recording.damage(error, in: entry)
                }
            }
            return (entry, header, events)
        }
    }

    @Test("Each step, target and error comes back with the same bytes", arguments: runs)
    func sameBytes(run: String) throws {
        for (entry, header, events) in try Self.entries(of: run) {
            let stamp = try #require(EntryStamp(headerLine: header))
            #expect(stamp == EntryStamp(entry: entry.entry, target: entry.target))
            guard case .header(let read) = try CastLine(decoding: header[...], number: 1) else {
                Issue.record("\(entry.name) has no header")
                continue
            }
            #expect(CastEncoder.headerLine(read, entry: entry.entry) == header)
            for event in events {
                let data = Array(event.data.utf8)
                switch event.code {
                case .step:
                    let step = try #require(StepRecord(parsing: data))
                    #expect(step.encoded == data && step.madeAgain?.encoded == data, "\(event.data)")
                case .exit:
                    let target = try #require(TargetRecord(parsing: data))
                    #expect(target.encoded == data && target.target == entry.target && target.outcome != nil)
                case .error where event.data.hasPrefix("{"):
                    let error = try #require(RecordedError(parsing: data))
                    #expect(error.encoded == data && error.madeAgain?.encoded == data, "\(event.data)")
                case .marker:
                    let line = StepMarker.firstLine(in: event.data) ?? 0
                    #expect(StepMarker.text(firstLine: line) == event.data)
                default: break
                }
            }
        }
    }

    @Test("The recorded run has what a session can leave behind")
    func everyKind() throws {
        let entries = try Self.entries(of: try #require(Self.runs.last))
        let events = entries.flatMap(\.events)
        #expect(Set(events.map(\.code)) == Set(RecordedCode.allCases))
        let targets = events.filter { $0.code == .exit }.compactMap { TargetRecord(parsing: $0.data.utf8) }
        #expect(targets.compactMap(\.outcome) == [.failed, .broken, .unreachable])
        #expect(targets.map(\.exitCode) == [7, nil, nil] && targets.map(\.phase) == [nil, nil, "tcp"])
        #expect(targets.compactMap(\.failure?.code) == ["SessionBroken", "ConnectionFailed"])
        let steps = entries[0].events.filter { $0.code == .step }.compactMap { StepRecord(parsing: $0.data.utf8) }
        #expect(steps.compactMap(\.title).prefix(3) == ["profile", "line 1", "line 2"])
        #expect(steps.compactMap(\.title).contains("lines 6 to 8"))
        #expect(Set(steps.compactMap(\.outcome)).isSuperset(of: [.ok, .error, .failed]))
        #expect(events.contains { $0.data.contains("token=[redacted:") })
        #expect(events.contains { RecordedLead.protocolVersion(in: $0.data) == "2.3" })
        #expect(events.contains { $0.data.hasPrefix(RecordedLead.noise) })
    }
}

extension StepRecord {
    /// The same, made from what each of its members says.
    fileprivate var madeAgain: StepRecord? {
        guard let firstLine, let lastLine, let text, let outcome else { return nil }
        return StepRecord(
            firstLine: Int(firstLine),
            lastLine: Int(lastLine),
            text: text,
            outcome: outcome,
            succeeded: succeeded,
            lastExitCode: lastExitCode.map { Int($0) },
            startedMicroseconds: startedMicroseconds,
            durationMicroseconds: durationMicroseconds
        )
    }
}

extension RecordedError {
    fileprivate var madeAgain: RecordedError? {
        guard let message, let errorID, let category, let reason else { return nil }
        return RecordedError(message: message, errorID: errorID, category: category, reason: reason)
    }
}
