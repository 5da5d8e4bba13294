import Files
import Glibc
import PSRunTestSupport
import Recording
import Testing

/// Where recordings are, and which run is meant.
@Suite struct RunStoreTests {
    @Test("A part of a name and a number is a run of that name, the newest one first")
    func aPartAndANumber() async throws {
        let folder = try TemporaryFolder()
        for suffix in ["0000aa", "0000ab", "0000bb"] {
            _ = try await SampleRun.sealed(in: folder.path, targets: ["host"], suffix: suffix)
        }
        let store = RunStore(folder: folder.path)
        #expect(try store.run("nightly~0").name.hasSuffix("0000bb"))
        #expect(try store.run("0000a~0").name.hasSuffix("0000ab"))
        #expect(try store.run("0000a~1").name.hasSuffix("0000aa"))
        for name in ["0000a~2", "0000a~", "~0", "0000a~-1", "other~0"] {
            #expect(throws: RecordingError.self, "\(name)") { try store.run(name) }
        }
        let error = #expect(throws: RecordingError.self) { try store.run("nightly") }
        #expect(error?.code == .ambiguous && error?.message.contains("nightly~0 for the newest") == true)
    }

    @Test("A link is not a run's folder: nothing is listed, found, recovered or pruned through it")
    func aLinkIsNotARun() async throws {
        let elsewhere = try TemporaryFolder()
        let sealed = try await SampleRun.sealed(in: elsewhere.path, targets: ["host"])
        let folder = try TemporaryFolder()
        let name = "20261122T020000Z-nightly-3fa91c"
        #expect(symlink(sealed.folder, folder.path(of: name)) == 0)
        let store = RunStore(folder: folder.path)
        #expect(try store.runsAndTombstones().isEmpty)
        #expect(try store.links() == [name])
        let error = #expect(throws: RecordingError.self) { try store.run(name) }
        #expect(error?.message.contains("is a link") == true)
        #expect(throws: RecordingError.self) { try RunPruning.prune(folder.path(of: name), reason: "--keep 1d") }
        #expect(throws: RecordingError.self) { try RunRecovery.recover(folder.path(of: name)) }
        #expect(try FilePaths.names(in: sealed.folder) == ["manifest.json", "run.tar.zst"])
        #expect(try FilePaths.names(in: folder.path) == [name])
        // One that somebody names with its path is what it leads to.
        #expect(try store.run(folder.path(of: name)).folder == sealed.folder)
    }

    @Test(
        "A recordings folder that is named wins over every other",
        arguments: [
            ("x/", ["PSRUN_RECORDINGS": "/p"], "x"),
            ("/", [:], "/"),
            (nil, ["PSRUN_RECORDINGS": "/p//", "XDG_STATE_HOME": "/s", "HOME": "/h"], "/p"),
        ]
    )
    func whatIsNamedWins(option: String?, environment: [String: String], folder: String) throws {
        #expect(try RunStore.standard(option: option, environment: environment).folder == folder)
    }

    @Test("An empty name of a recordings folder is refused")
    func anEmptyNameIsRefused() {
        let error = #expect(throws: RecordingError.self) { try RunStore.standard(option: "", environment: [:]) }
        #expect(error?.code == .folderUnusable)
    }

    /// The working folder decides, which is the whole process's: hence the program.
    @Test("Without a name it is the folder recordings here, or that of the user's state")
    func withoutANameItIsTheWorkingFolderOrTheStateFolder() async throws {
        let folder = try TemporaryFolder()
        func said(_ setting: String, _ arguments: String = "") async throws -> String {
            let script = "env -i \(setting) \"\(BuiltProgram.path)\" list \(arguments) 2>&1"
            return try await shell(script, in: folder.path).output
        }
        func none(_ path: String) -> String { "There are no runs in \(path).\n" }
        #expect(try await said("XDG_STATE_HOME=/s HOME=/h") == none("/s/psrun/recordings"))
        #expect(try await said("XDG_STATE_HOME=relative HOME=/h") == none("/h/.local/state/psrun/recordings"))
        #expect(try await said("PSRUN_RECORDINGS= HOME=/h") == none("/h/.local/state/psrun/recordings"))
        #expect(try await said("", "--format json").contains("/.local/state/psrun/recordings"))
        try folder.makeFolder("recordings")
        #expect(try await said("XDG_STATE_HOME=/s HOME=/h") == none("recordings"))
        #expect(try await said("PSRUN_RECORDINGS=/p HOME=/h") == none("/p"))
    }

    @Test("A run is named by its folder, by a part of its name or by how long ago it was")
    func aRunIsItsFolderAPartOfItsNameOrHowLongAgoItWas() async throws {
        let folder = try TemporaryFolder()
        let store = RunStore(folder: folder.path)
        #expect(throws: RecordingError.self) { try store.run("last") }
        // Three within one second of the same name: their order is that of their making.
        for suffix in ["ffffff", "000000", "aaaaaa"] {
            _ = try await SampleRun.sealed(in: folder.path, targets: ["host"], steps: 1, suffix: suffix)
        }
        let names = ["ffffff", "000000", "aaaaaa"].map { "20261122T020000Z-nightly-\($0)" }
        #expect(try store.runs().map(\.name) == names)
        #expect(try store.run("last").name == names[2])
        #expect(try store.run("last~0").name == names[2])
        #expect(try store.run("last~2").name == names[0])
        #expect(try store.run("nightly-0").name == names[1])
        #expect(try store.run(names[0]).name == names[0])
        #expect(try store.run("\(folder.path)/\(names[1])/").name == names[1])
        for (text, code) in [
            ("last~3", RecordingError.Code.notFound), ("last~x", .notFound), ("", .notFound), ("weekly", .notFound),
            ("nightly", .ambiguous),
        ] {
            let error = #expect(throws: RecordingError.self) { try store.run(text) }
            #expect(error?.code == code, "\(text)")
        }
        // Any other folder would pass for a run that was killed before its first record.
        for other in [folder.path + "/", "/"] {
            let error = #expect(throws: RecordingError.self) { try store.run(other) }
            #expect(error?.code == .notFound && error?.message.contains("--recordings") == true, "\(other)")
        }
    }

    /// What somebody else put there is damaged, not waited for: FIFOs, links, times and sizes that no run has.
    @Test("Runs whose files are pipes, devices or of a huge size are damaged, and nothing waits for them")
    func hostileFolders() async throws {
        let folder = try TemporaryFolder()
        let names = (1...4).map { "20261122T02000\($0)Z-x-00000\($0)" }
        for name in names { try folder.makeFolder(name) }
        let script = """
            mkfifo \(names[0])/manifest.json; ln -s /dev/zero \(names[1])/manifest.json
            truncate -s 1T \(names[2])/manifest.json; mkfifo \(names[3])/journal
            touch -d @99999999999 \(names[0])
            """
        _ = try await shell(script, in: folder.path)
        let states = try RunStore(folder: folder.path).runs().map(\.state)
        #expect(states.prefix(3).allSatisfy { $0 == .damaged })
        #expect(states.count == 4)
    }
}
