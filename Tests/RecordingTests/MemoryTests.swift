import PSRunTestSupport
import Recording
import RecordingFormat
import Testing

/// Memory does not grow with the recording.
@Suite struct MemoryTests {
    @Test("Little memory makes the same archive")
    func littleMemoryMakesTheSameArchive() async throws {
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

    /// A session longer than what is held in memory: what is recorded, sealed and read again is never held whole.
    @Test("A long session takes no more memory than a short one")
    func aLongSessionTakesNoMoreMemoryThanAShortOne() async throws {
        let folder = try TemporaryFolder()
        let steps = 30_000
        var run = try CrashingRun("long", folder.path, "\(steps)")
        try await run.end(within: 240)
        let words = try #require(run.lines.last).split(separator: " ")
        let peak = try #require(words.last.flatMap { Int($0) })
        #expect(words.first == "peak" && peak < 110_000, "\(peak) KB")
        let recorded = try #require(try RunStore(folder: folder.path).runs().first)
        let recording = try SealedRecording(folder: recorded.folder)
        let entry = try #require(recording.entries.first)
        #expect(entry.length > 20_000_000)
        var lines = 0
        try recording.forEachLine(of: entry) { _, _ in
            lines += 1
            return true
        }
        #expect(lines == 2 * steps + 3)
        let program = BuiltProgram.path
        for arguments in ["replay last --instant", "show last"] {
            let read = try await shell(
                "exec prlimit --data=\(128 << 20) '\(program)' \(arguments) --recordings . | wc -c",
                in: folder.path
            )
            let bytes = Int(read.output.filter { $0 != "\n" }) ?? 0
            #expect(read.errors.isEmpty && bytes > 100, "\(arguments): \(read)")
        }
    }
}
