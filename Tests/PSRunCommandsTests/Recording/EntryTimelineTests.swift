import PSRunTestSupport
import Recording
import RecordingFormat
import Replay
import Testing

@testable import PSRunCommands

@Suite struct EntryTimelineTests {
    @Test("No memory is set aside for what an index claims")
    func lengthsAreNotBelieved() async throws {
        let folder = try TemporaryFolder()
        let sealed = try await RecordedSample.make(in: folder.path, targets: ["web1"])
        let recording = try SealedRecording(folder: sealed.folder)
        var entry = try #require(recording.entries.first)
        entry.length = 1 << 60
        #expect(try recording.timeline(of: entry, colored: false).count == 3)
    }
}
