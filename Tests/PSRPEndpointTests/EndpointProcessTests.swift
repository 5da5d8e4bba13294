import CLIXML
import Foundation
import Glibc
import PSRunTestSupport
import Testing

@testable import PSRP
@testable import PSRPEndpoint

@Suite("The endpoint as a process")
struct EndpointProcessTests {
    private func start() throws -> (EndpointUnderTest, ServingProcess) {
        let (endpoint, process) = try EndpointUnderTest.process()
        return (try endpoint.opened(), process)
    }

    @Test("It ends with status 0 after an orderly close, and 160 where its client goes away")
    func status() throws {
        let (first, _) = try start()
        #expect(try first.line("echo one").console == ["one"])
        #expect(try first.close() == 0)
        let (second, _) = try start()
        #expect(try second.hangUp() == 160)
    }

    @Test("Killed in the middle of a line, it leaves no process behind")
    func killed() throws {
        let (endpoint, process) = try start()
        let session = try #require(Int32(try endpoint.line("echo $$; sleep 1000 & set -m; sleep 1000 &").console[0]))
        let pipeline = endpoint.client.create(.line("echo on; trap '' HUP; sleep 1000"))
        try endpoint.pump { $0.results[pipeline]?.console == ["on"] }
        #expect(members(of: session) >= 3)
        kill(process.identifier, SIGKILL)
        #expect(try process.status() == -SIGKILL)
        for _ in 0..<1_000 where members(of: session) > 0 { usleep(5_000) }
        #expect(members(of: session) == 0)
    }

    @Test("Programs get SIGPIPE as they would anywhere")
    func brokenPipe() throws {
        let (endpoint, _) = try start()
        #expect(try endpoint.line("{ yes; echo $? >&2; } | head -n 1").console.contains("y"))
        #expect(try endpoint.line("sh -c 'kill -PIPE $$'; echo $?").console.last == "141")
        #expect(try endpoint.close() == 0)
    }

    /// psrun keeps what it holds in /proc to itself (PR_SET_DUMPABLE), which root does not notice.
    @Test("It serves an ordinary user, too", .enabled(if: geteuid() == 0))
    func ordinaryUser() throws {
        let folder = try TemporaryFolder()
        let program = folder.path(of: "psrun")
        try FileManager.default.copyItem(atPath: BuiltProgram.path, toPath: program)
        chmod(program, 0o755)
        chmod(folder.path, 0o755)
        let nobody = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        let (endpoint, _) = try EndpointUnderTest.process(program: program, prefix: nobody)
        #expect(try endpoint.opened().line("id -u; sh -c 'ls /proc/$$/fd'").console == ["65534", "0", "1", "2"])
        #expect(try endpoint.line("if true; then").failure?.isIncompleteParse == true)
        #expect(try endpoint.line("(exit 3)").state == .completed)
        #expect(try endpoint.line("echo $?; nosuch").console.first == "3")
        #expect(try endpoint.close() == 0)
    }

    @Test("A client that does not read costs no memory")
    func memory() throws {
        let (endpoint, process) = try start()
        let session = try #require(Int32(try endpoint.line("echo $$").console[0]))
        let pipeline = endpoint.client.create(.line("echo on; cat /dev/zero | tr '\\0' '\\n'"))
        try endpoint.pump { $0.results[pipeline]?.console.first == "on" }
        try waitUntilStill(session)
        let first = try #require(process.peakMemory)
        #expect(first < 128 << 10)
        endpoint.client.stop(pipeline)
        #expect(try endpoint.result(of: pipeline).state == .stopped)
        #expect(try endpoint.close() == 0)
    }

    @Test(
        "Input that nobody reads takes no memory, of a pipeline that runs or waits, and is there once it is read",
        arguments: [false, true]
    )
    func waitingInputCostsLittleMemory(waits: Bool) throws {
        let (endpoint, process) = try start()
        let before = try #require(process.peakMemory)
        let folder = try TemporaryFolder()
        let go = folder.path(of: "go")
        let wait = "echo on; while [ ! -e \(go) ]; do sleep 0.05; done"
        let running = waits ? endpoint.client.create(.line(PSString(wait))) : nil
        if let running { try endpoint.pump { $0.results[running]?.console == ["on"] } }
        let sum = (waits ? "" : wait + "; ") + "cksum"
        let reading = endpoint.client.create(
            PipelineRequest(statements: [[PipelineCommand(PSString(sum), isScript: true)]], noInput: false)
        )
        if !waits { try endpoint.pump { $0.results[reading]?.text == ["on"] } }
        let values = 44
        let line = String(repeating: "x", count: (1 << 20) - 1)
        for _ in 0..<values {
            try endpoint.client.sendInput(.string(PSString(line)), to: reading)
            try endpoint.pump { _ in true }
        }
        endpoint.client.endInput(of: reading)
        try endpoint.pump { _ in true }
        try folder.write("", to: "go")
        let result = try endpoint.result(of: reading)
        #expect(
            result.text.last?.hasSuffix(" \(values << 20)") == true,
            "\(result.text) \(result.failure?.message ?? "")"
        )
        let peak = try #require(process.peakMemory)
        #expect(peak < 64 << 10, "\(before) to \(peak) KiB")
        #expect(try endpoint.close() == 0)
    }

    @Test("The largest message, and as much as may lie unfinished beside it, take little memory")
    func largestMessageCostsLittleMemory() throws {
        let (endpoint, process) = try start()
        let running = endpoint.client.create(.line("echo on; sleep 1000"))
        try endpoint.pump { $0.results[running]?.console == ["on"] }
        let waiting = endpoint.client.create(
            PipelineRequest(statements: [[PipelineCommand("cat", isScript: true)]], noInput: false)
        )
        try endpoint.pump { _ in true }
        let limits = SessionLimits.ofServer
        var fragmenter = MessageFragmenter(to: .server, runspacePoolID: .zero)
        let text = String(repeating: "x", count: limits.unusedBytes - (1 << 20))
        var message = fragmenter.begin(.pipelineInput, encodeCLIXML(.string(PSString(text))), pipeline: running)
        var sent = 0
        while sent < limits.messageBytes - (1 << 20) {
            var fragment: [UInt8] = []
            message.appendNext(to: &fragment, largest: CarriageTraits.outOfProcess.largestFragment)
            sent += fragment.count
            var bytes: [UInt8] = []
            OutOfProcessElement(.data(.standard, fragment), running).write(to: &bytes)
            endpoint.send(String(decoding: bytes, as: UTF8.self))
        }
        let largest = String(repeating: "x", count: 4 << 20)
        try endpoint.client.sendInput(.string(PSString(largest)), to: waiting)
        endpoint.client.endInput(of: waiting)
        endpoint.client.stop(waiting)
        #expect(try endpoint.result(of: waiting).state == .stopped)
        let peak = try #require(process.peakMemory)
        #expect(peak < 64 << 10, "\(peak) KiB")
    }

    @Test("A text of a million lines for Out-Default, unread, costs little memory, and the client's leaving is seen")
    func unreadTextCostsLittleMemory() throws {
        let (endpoint, process) = try start()
        let pipeline = endpoint.client.create(.rendering)
        let text = PSValue.string(String(repeating: "\n", count: 1_000_000))
        try endpoint.client.sendInput(text, to: pipeline)
        try endpoint.pump { $0.results[pipeline]?.console.isEmpty == false }
        let clock = ContinuousClock()
        let began = clock.now
        #expect(try #require(process.peakMemory) < 200 << 10)
        #expect(try endpoint.hangUp() == 160)
        #expect(clock.now - began < .seconds(10))
    }
}
