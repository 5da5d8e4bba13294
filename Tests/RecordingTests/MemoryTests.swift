import PSRunTestSupport
import Recording
import RecordingFormat
import Testing

/// Memory does not grow with the recording.
@Suite struct MemoryTests {
    @Test func littleMemoryMakesTheSameArchive() async throws {
        let folder = try TemporaryFolder()
        var run = try CrashingRun("record", folder.path, "3", "64")
        try await run.read(lines: 150)
        try await run.kill(after: .zero)
        let killed = try #require(try RunStore(folder: folder.path).runs().first)
        let copy = "\(folder.path)/copy"
        #expect(try await shell("cp -a '\(killed.folder)' '\(copy)'", in: folder.path).ending == .exited(0))
        let usual = try RunRecovery.recover(killed.folder).manifest
        let little = try RunRecovery.recover(copy, memory: 50_000).manifest
        #expect(usual.archiveBytes > 2_000)
        #expect(little.archiveHash == usual.archiveHash)
        #expect(try await shell("ls", in: copy).output == "manifest.json\nrun.tar.zst\n")
    }
}
