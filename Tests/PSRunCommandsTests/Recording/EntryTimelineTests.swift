import PSRunTestSupport
import Recording
import RecordingFormat
import Testing

@testable import PSRunCommands
@testable import Replay

@Suite struct EntryTimelineTests {
    @Test("No memory is set aside for what an index claims")
    func lengthsAreNotBelieved() async throws {
        let folder = try TemporaryFolder()
        let sealed = try await RecordedSample.make(in: folder.path, targets: ["web1"])
        let recording = try SealedRecording(folder: sealed.folder)
        var entry = try #require(recording.entries.first)
        entry.length = 1 << 60
        let error = #expect(throws: RecordingError.self) { try recording.timeline(of: entry, colored: false) }
        #expect(error?.code == .damaged)
    }

    @Test("A player shows why a session is not well, behind all that its console showed")
    func lastWords() async throws {
        let folder = try TemporaryFolder()
        let sealed = try await RecordedSample.make(in: folder.path, targets: ["web1", "down"])
        let recording = try SealedRecording(folder: sealed.folder)
        let ends = try recording.entries.map { entry in
            String(decoding: try recording.timeline(of: entry, colored: false).text.suffix(40), as: UTF8.self)
        }
        #expect(ends[0].hasSuffix("^[]0;owned^G\n"), "\(ends)")
        #expect(ends[1].hasSuffix("\npsrun: nobody listens at down\n"), "\(ends)")
    }
}
