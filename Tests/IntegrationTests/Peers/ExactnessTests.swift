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
