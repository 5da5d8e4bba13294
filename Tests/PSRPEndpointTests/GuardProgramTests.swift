import CLIXML
import Files
import Glibc
import PSRP
import PSRunTestSupport
import Testing

@testable import PSRPEndpoint

/// A guard that is a program of its own, as psrun-endpoint has it.
@Suite("A guard by its own program", .serialized)
struct GuardProgramTests {
    private func endpoint(_ guardProgram: String = BuiltProgram.path) throws -> EndpointUnderTest {
        var program = TestedShell.dash.program
        program.guardProgram = guardProgram
        return try EndpointUnderTest(program: program).opened()
    }

    private func parent(of process: Int32) throws -> Int32 {
        let text = try text(of: "/proc/\(process)/stat")
        let fields = try #require(text.split(separator: ")").last).split(separator: " ")
        return try #require(Int32(fields[1]))
    }

    @Test("It holds the shell's files and nothing else, and is the only process beside the shell")
    func one() throws {
        let endpoint = try endpoint()
        let line = try endpoint.line("set -- $(ls -l /proc/$$/fd | wc -l) $$ $PPID; echo $*; (exit 3)")
        let numbers = line.console[0].split(separator: " ").compactMap { Int32($0) }
        try #require(numbers.count == 3)
        #expect(try endpoint.probe().first == .bool(false))
        let (shell, guardian) = (numbers[1], numbers[2])
        #expect(try parent(of: shell) == guardian)
        #expect(try text(of: "/proc/\(guardian)/comm") == "psrun-guard\n")
        let held = try contentsOfFolder("/proc/\(guardian)/fd")
        // The lifeline, the reports, and the four files that the shell opens by name.
        #expect(held.count == 6, "\(held)")
        let children = try text(of: "/proc/\(guardian)/task/\(guardian)/children").split(separator: " ")
        #expect(children.map(String.init) == ["\(shell)"])
        #expect(try endpoint.run(.line("cat")).state == .completed)
        #expect(try endpoint.close() == 0)
    }

    @Test("What is left of a session ends with it, and the end of the shell is told")
    func ends() throws {
        let first = try endpoint()
        let session = try #require(Int32(try first.line("echo $$; sleep 300 & (sleep 300 &)").console[0]))
        #expect(members(of: session) == 3)
        #expect(try first.hangUp() == 160)
        #expect(members(of: session) == 0)
        let second = try endpoint()
        #expect(try second.line("exit 7").calls.contains { $0.method == .setShouldExit })
        let third = try endpoint()
        let error = #expect(throws: PSRPError.self) { try third.line("kill -9 $$") }
        #expect(error?.message.contains("signal 9") == true)
    }

    @Test("Where it cannot be run, the guard is a copy of the endpoint")
    func missing() throws {
        let endpoint = try endpoint("/nonexistent")
        let session = try #require(Int32(try endpoint.line("echo $$; sleep 300 &").console[0]))
        #expect(try endpoint.line("(exit 3)").state == .completed)
        #expect(try endpoint.probe().first == .bool(false))
        #expect(try endpoint.close() == 0)
        #expect(members(of: session) == 0)
    }

    private func contentsOfFolder(_ path: String) throws -> [String] {
        guard let folder = opendir(path) else { throw TestSupportError("opendir \(path)") }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) { names.append(dirent.name(of: entry)) }
        return names.filter { !$0.hasPrefix(".") }
    }
}
