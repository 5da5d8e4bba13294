import PSRunTestSupport
import Testing

/// What is wrong with a playbook is said before anything connects, with the place and the way out.
struct BadPlaybookTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
    }

    /// Runs psrun on that file: nothing may be recorded, and one message must hold all of `words`.
    private func refuse(_ file: String, saying words: [String]) async throws {
        let outcome = try await place.psrun([file])
        #expect(outcome.ending == .exited(2), "\(outcome)")
        #expect(outcome.output.isEmpty, "\(outcome)")
        for word in words { #expect(outcome.errors.contains(word), "\(word)\n\(outcome)") }
        #expect(outcome.errors.split(separator: "\n").count <= 3, "one message: \(outcome)")
        #expect(try FolderListing.names(in: place.recordings).isEmpty)
    }

    @Test("A playbook that does not exist is an error that names it")
    func noSuchPlaybook() async throws {
        let file = place.folder.path(of: "nowhere.ps1")
        try await refuse(file, saying: [file, "No such file", "`psrun help`"])
    }

    @Test("A folder in place of a playbook is an error that says so")
    func aFolder() async throws {
        let folder = try place.folder.makeFolder("folder.ps1")
        try await refuse(folder, saying: [folder, "folder"])
    }

    @Test("A binary file is refused as a playbook, with the place")
    func aBinaryFile() async throws {
        let file = try place.folder.write(try contents(of: "/bin/sh"), to: "binary.ps1")
        try await refuse(file, saying: [file, "byte"])
    }

    @Test("A playbook that is not UTF-8 is refused with the place")
    func invalidUTF8() async throws {
        let file = try place.folder.write(Array("echo one\necho t".utf8) + [0xff, 0x6f, 0x0a], to: "latin.ps1")
        try await refuse(file, saying: [file, "15", "UTF-8"])
    }

    @Test("Empty, or nothing but blanks", arguments: ["", "\n \n\t\n"])
    func empty(text: String) async throws {
        let file = try place.playbook(text)
        try await refuse(file, saying: [file])
    }

    @Test("Lines that mean nothing in a session are named once, by a dry run and by a run", arguments: [true, false])
    func linesWithoutEffect(isDryRun: Bool) async throws {
        let server = try ServedProcess(locally: [BuiltProgram.path, "endpoint"])
        let text = "#Requires -Version 99\necho 1\n#requires -RunAsAdministrator\necho 2\n"
        let outcome = try await server.run(text, ["--any-shell"] + (isDryRun ? ["--dry-run"] : []))
        #expect(outcome.ending == .exited(0), "\(outcome)")
        let lines = outcome.errors.split(separator: "\n").filter { $0.contains("#Requires is a comment") }
        #expect(lines.count == 1 && lines[0].contains(".ps1, lines 1, 3: "), "\(outcome)")
        let quiet = try await server.run(text, ["--any-shell", "--quiet"] + (isDryRun ? ["--dry-run"] : []))
        #expect(!quiet.errors.contains("#Requires"), "\(quiet)")
    }

    @Test("A playbook with a NUL is refused with the place")
    func aNUL() async throws {
        let file = try place.folder.write(Array("echo one\necho ".utf8) + [0, 0x0a], to: "nul.ps1")
        try await refuse(file, saying: [file, "line 2"])
    }

    @Test("A line of ten megabytes is refused with its number and size")
    func aLineOfTenMegabytes() async throws {
        let long = [UInt8](repeating: 0x78, count: 10 << 20)
        let file = try place.folder.write(Array("echo one\n'".utf8) + long + Array("'\n".utf8), to: "long.ps1")
        try await refuse(file, saying: [file, "line 2", "10"])
    }

    @Test("A block that is open at the end is a failed step that names the line that opened it")
    func openBlock() async throws {
        let server = try ServedProcess(locally: Peers.command("psrpcore_server.py"))
        let outcome = try await server.run("echo one\nif true; then\necho two\n", ["--any-shell"])
        #expect(outcome.ending == .exited(1), "\(outcome)")
        let target = try outcome.onlyTarget()
        #expect(target.outcome == "failed")
        #expect(target.steps.map(\.outcome) == ["ok", "failed"])
        #expect(target.steps[1].firstLine == 2)
        #expect((target.steps[1].output ?? "").contains("two") == false)
        #expect((outcome.errors + outcome.output).contains("line 2"), "\(outcome)")
    }
}
