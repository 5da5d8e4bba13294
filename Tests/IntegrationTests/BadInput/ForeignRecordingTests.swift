import Glibc
import PSRunTestSupport
import Testing

/// A run that belongs to somebody else is not taken for one that was killed.
struct ForeignRecordingTests {
    private let place: Workplace
    private let folder: String

    init() async throws {
        place = try Workplace()
        let run = try await place.psrun([try place.playbook("echo in\n"), "--any-shell"])
        guard run.ending == .exited(0) else { throw TestSupportError("\(run)") }
        let name = try #require(try FolderListing.runs(in: place.recordings).first)
        folder = "\(place.recordings)/\(name)"
        guard chmod(folder, 0) == 0 else { throw TestSupportError("chmod \(name)") }
    }

    /// Runs psrun as one to whom permissions mean something: root too, without what lifts it above them.
    private func psrun(_ arguments: [String]) async throws -> ProgramOutcome {
        let drop = ["/usr/bin/setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
        return try await ChildProgram.run(
            (getuid() == 0 ? drop : []) + [BuiltProgram.path] + arguments,
            environment: place.environment()
        )
    }

    @Test("It is listed as what it is", arguments: [["list"], ["list", "--format", "json"]])
    func listed(arguments: [String]) async throws {
        defer { chmod(folder, 0o700) }
        let outcome = try await psrun(arguments)
        #expect(outcome.output.contains("unreadable") && !outcome.output.contains("killed"), "\(outcome)")
    }

    @Test("Verbs say whose it is, and never that it is to be recovered")
    func refused() async throws {
        defer { chmod(folder, 0o700) }
        let verbs = [
            ["show", "last"], ["replay", "last"], ["recover"], ["recover", "last"], ["diff", "last", "--within"],
            ["export", "last", "--as", "jsonl"], ["prove", "last", "--host", "localhost"],
        ]
        for verb in verbs {
            let outcome = try await psrun(verb)
            #expect(outcome.ending == .exited(2), "\(outcome)")
            #expect(outcome.errors.contains("Permission denied"), "\(outcome)")
            #expect(!outcome.errors.contains("psrun recover"), "\(outcome)")
        }
        let search = try await psrun(["search", "in"])
        #expect(search.ending == .exited(6), "\(search)")
        #expect(search.errors.contains("Permission denied"), "\(search)")
        let verify = try await psrun(["verify", "last"])
        #expect(verify.ending == .exited(1) && verify.output.contains("  unreadable  NOT PROVED"), "\(verify)")
        #expect(!verify.output.contains("psrun recover"), "\(verify)")
        let prune = try await psrun(["prune", "--keep", "1h"])
        #expect(prune.output.contains("stays: this user may not read it"), "\(prune)")
    }
}
