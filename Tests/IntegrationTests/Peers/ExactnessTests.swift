import PSRunTestSupport
import Testing

/// playbooks/exactly.ps1 arrives byte for byte, whatever stands in it.
struct ExactnessTests {
    @Test("The playbook's own bytes reach the far side, as a process and over SSH", arguments: [false, true])
    func everyByte(isOverSSH: Bool) async throws {
        let kept = try TemporaryFolder()
        let command = Peers.command("psrpcore_server.py", ["--keep", kept.path])
        let server = isOverSSH ? try await ServedProcess(overSSH: command) : try ServedProcess(locally: command)
        let file = "\(PackageRoot.path)/playbooks/exactly.ps1"
        let outcome = try await server.run(file: file)
        #expect(outcome.ending == .exited(0), "\(outcome)")
        let target = try outcome.onlyTarget()
        let received = try (1...target.steps.count).map { number in
            try contents(of: kept.path(of: String(repeating: "0", count: 4 - "\(number)".count) + "\(number)"))
        }
        #expect(received.count >= 18)
        #expect(target.steps.map { Array($0.text.utf8) } == received)
        try checkPlaces(of: received, in: contents(of: file))
    }

    @Test("else, elseif and | belong to what precedes them, with the blank and comment lines between")
    func continuations() async throws {
        let kept = try TemporaryFolder()
        let blocks = [
            "if ($false) { 'a' }\n\n# why\n  elseif ($x) { 'b' }\n# more\n\nelse { 'c' }",
            "'p'\n\n  # note\n| Sort-Object\n\t| Select-Object -First 1",
            "'next'",
        ]
        let server = try ServedProcess(locally: Peers.command("psrpcore_server.py", ["--keep", kept.path]))
        let outcome = try await server.run(blocks.joined(separator: "\n") + "\n")
        #expect(outcome.ending == .exited(0), "\(outcome)")
        #expect(try outcome.onlyTarget().steps.map(\.text) == blocks)
        #expect(try FolderListing.names(in: kept.path).sorted() == ["0001", "0002", "0003"])
        #expect(try ["0001", "0002", "0003"].map { try text(of: kept.path(of: $0)) } == blocks)
    }

    @Test("To a POSIX shell a line that begins with | continues nothing: the whole is refused, and no more is sent")
    func pipeAtTheBeginning() async throws {
        let server = try ServedProcess(locally: [BuiltProgram.path, "endpoint"])
        let outcome = try await server.run("echo one\n\n# why\n| cat\necho two\n", ["--any-shell"])
        let steps = try outcome.onlyTarget().steps
        #expect(steps.map(\.text) == ["echo one\n\n# why\n| cat", "echo two"], "\(outcome)")
        #expect(steps.map(\.outcome) == ["failed", "not_sent"], "\(outcome)")
        #expect(steps.first?.output?.contains("one\n") == false, "\(outcome)")
    }

    /// Each script stands in the file as it is, from the beginning of a line to the end of one, in order; between two
    /// there is nothing but line ends and lines of blanks.
    private func checkPlaces(of scripts: [[UInt8]], in file: [UInt8]) throws {
        var rest = file[...]
        for script in scripts {
            let gap = try #require(rest.firstRange(of: script), "\(String(decoding: script.prefix(80), as: UTF8.self))")
            let before = rest[..<gap.lowerBound]
            #expect(before.allSatisfy { [0x09, 0x0a, 0x0d, 0x20].contains($0) })
            #expect(before.isEmpty || before.last == 0x0a)
            rest = rest[gap.upperBound...]
            #expect(rest.isEmpty || rest.first == 0x0a || rest.starts(with: [0x0d, 0x0a]))
            rest = rest.dropFirst(rest.first == 0x0d ? 2 : 1)
        }
        #expect(rest.allSatisfy { [0x09, 0x0a, 0x0d, 0x20].contains($0) })
        #expect(scripts.contains { $0.count > 70_000 })
    }
}
