import Files
import Glibc
import PSRunTestSupport
import Recording
import RecordingFormat
import Testing

/// Whatever gets the names of a recording's folders and files while a run goes on, psrun writes nothing elsewhere, and does
/// not call sealed what is not.
@Suite struct HeldFolderTests {
    private let place: TemporaryFolder
    private let recordings: String
    private let elsewhere: String

    init() throws {
        place = try TemporaryFolder()
        recordings = try place.makeFolder("recordings")
        elsewhere = try place.makeFolder("elsewhere")
    }

    private func recorder() async throws -> RunRecorder {
        let run = SampleRun.description(targets: ["host"])
        let recorder = try await RunRecorder.create(in: recordings, run: run, suffix: "00000a")
        try await SampleRun.record(0, target: "host", steps: 2, in: recorder)
        return recorder
    }

    private func error(of recorder: RunRecorder) async -> RecordingError? {
        await #expect(throws: RecordingError.self) { try await recorder.seal(exitCode: 0) }
    }

    @Test("A run's folder that was moved, with a link in its place, is not sealed, and nothing is written elsewhere")
    func aMovedRun() async throws {
        let recorder = try await recorder()
        let moved = place.path(of: "moved")
        #expect(rename(recorder.folder, moved) == 0)
        #expect(symlink(elsewhere, recorder.folder) == 0)
        let error = await error(of: recorder)
        #expect(error?.code == .writeFailed)
        #expect(error?.message.contains("what was recorded is in \(moved)") == true, "\(error?.message ?? "")")
        #expect(try FilePaths.names(in: elsewhere).isEmpty)
        #expect(try FilePaths.names(in: moved) == ["journal"])
        #expect(try RunChain.read(in: recordings).count == 0)
    }

    @Test(
        "A recordings folder in which every user may replace runs is worth a word, and one with a sticky bit is not",
        arguments: [(0o777, true), (0o757, true), (0o1777, false), (0o775, false), (0o700, false)]
    )
    func aFolderOpenToAll(mode: Int, isWorthAWord: Bool) async throws {
        #expect(chmod(recordings, UInt32(mode)) == 0)
        let warning = try await recorder().warning
        #expect((warning != nil) == isWorthAWord)
        if let warning { #expect(warning.contains(recordings) && warning.contains("chmod o-w"), "\(warning)") }
    }

    @Test("An archive whose place another file has taken is not published", arguments: [true, false])
    func anotherArchive(isLink: Bool) async throws {
        let recorder = try await recorder()
        let part = "\(recorder.folder)/run.tar.zst.part"
        for _ in 0..<5_000 where !FilePaths.exists(part) { try await Task.sleep(for: .milliseconds(1)) }
        let foreign = try place.write("not an archive", to: "foreign")
        #expect(unlink(part) == 0)
        #expect((isLink ? symlink(foreign, part) : link(foreign, part)) == 0)
        let error = await error(of: recorder)
        #expect(error?.message.contains("another file has taken its place") == true, "\(error?.message ?? "")")
        #expect(try text(of: foreign) == "not an archive")
        #expect(!FilePaths.exists("\(recorder.folder)/manifest.json"))
        #expect(try RunChain.read(in: recordings).count == 0)
        // The journal is all it takes.
        let folder = recorder.folder
        for _ in 0..<5_000 where RecordedRun(folder: folder).isRunning { try await Task.sleep(for: .milliseconds(1)) }
    }

    @Test("A recordings folder that was moved gets the seal, and that is said")
    func aMovedRecordingsFolder() async throws {
        let recorder = try await recorder()
        let moved = place.path(of: "moved")
        #expect(rename(recordings, moved) == 0)
        #expect(symlink(elsewhere, recordings) == 0)
        let sealed = try await recorder.seal(exitCode: 0)
        #expect(sealed.shortcomings.count == 1)
        #expect(sealed.shortcomings.first?.message.contains("sealed in \(moved)/") == true)
        #expect(try FilePaths.names(in: elsewhere).isEmpty)
        let run = try #require(try RunStore(folder: moved).runs().first)
        let sealedRuns = try RunChain.sealedRuns(in: moved)
        #expect(run.isSealed && run.isIn(sealedRuns))
    }

    @Test("A chain of another user's, or that others may write, is refused at once", arguments: [true, false])
    func aForeignChain(isWritable: Bool) async throws {
        let chain = try place.write("", to: "recordings/chain.log", mode: isWritable ? 0o666 : 0o600)
        guard isWritable || chown(chain, 65_534, 65_534) == 0 else { return }
        let error = await #expect(throws: RecordingError.self) { _ = try await recorder() }
        #expect(error?.code == .folderUnusable)
        let word = isWritable ? "others may write it (mode 666)" : "it belongs to another user"
        #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
        #expect(try FilePaths.names(in: recordings) == ["chain.log"])
        #expect(throws: RecordingError.self) { try RunChain.append([], in: recordings) }
    }

    @Test("A chain that becomes another's while a run goes on takes no seal")
    func aChainThatIsOpenedUp() async throws {
        let recorder = try await recorder()
        #expect(chmod("\(recordings)/chain.log", 0o662) == 0)
        #expect(await error(of: recorder)?.message.contains("others may write it") == true)
        #expect(!FilePaths.exists("\(recorder.folder)/manifest.json"))
    }

    @Test("Modes are what they are to be, whatever the umask", arguments: ["777", "077", "000"])
    func modes(umask: String) async throws {
        let program = BuiltProgram.path.dropLast("psrun".count) + "CrashingRecorder"
        let made = try await shell(
            "umask \(umask); exec '\(program)' record '\(recordings)/new/folder' 2 3",
            in: place.path
        )
        #expect(made.output.hasSuffix("sealed\n"), "\(made)")
        let modes = try await shell("find recordings/new -printf '%y%m\n' | sort | uniq -c", in: place.path)
        // Three folders, and chain.log, manifest.json and run.tar.zst.
        let counts = modes.output.split(separator: "\n").map { $0.split(separator: " ") }
        #expect(counts == [["3", "d700"], ["3", "f600"]])
    }
}
