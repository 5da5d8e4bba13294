import CLIXML
import Glibc
import PSRP
import PSRunTestSupport
import Testing

@testable import PSRPEndpoint

@Suite("A session holds under load and at its ends")
struct EndpointLimitsTests {
    @Test("Ten megabytes come through whole")
    func much() throws {
        let endpoint = try EndpointUnderTest().opened()
        let line = String(repeating: "0123456789abcdef", count: 64)
        let result = try endpoint.line("yes \(line) | head -n 10240")
        #expect(result.console.count == 10_240)
        #expect(result.console.allSatisfy { $0 == line })
        let unended = try endpoint.line("head -c 3000000 /dev/zero | tr '\\0' x")
        #expect(unended.console == [String(repeating: "x", count: 3_000_000)])
        let value = try endpoint.run(.probe("head -c 3000000 /dev/zero | tr '\\0' x; echo; echo next"))
        #expect(value.text == [String(repeating: "x", count: 3_000_000), "next"] && value.errors.isEmpty)
    }

    @Test("A long line arrives and leaves as it is")
    func long() throws {
        let endpoint = try EndpointUnderTest().opened()
        let text = String(repeating: "0123456789abcdef", count: 16_384)
        #expect(try endpoint.line("echo '\(text)'").console == [text])
    }

    @Test("While the client does not read, the shell waits")
    func bounded() throws {
        let endpoint = try EndpointUnderTest().opened()
        let temporary = try TemporaryFolder()
        let folder = try temporary.makeFolder("marker")
        let line = "echo began; head -c 20000000 /dev/zero | tr '\\0' '\\n'; rmdir \(folder); echo; echo over"
        let session = try #require(Int32(try endpoint.line("echo $$").console[0]))
        let pipeline = endpoint.client.create(.line(PSString(line)))
        try endpoint.pump { $0.results[pipeline]?.console.isEmpty == false }
        // As long as nobody reads, twenty megabytes have nowhere to be.
        try waitUntilStill(session)
        #expect(access(folder, F_OK) == 0)
        endpoint.client.stop(pipeline)
        #expect(try endpoint.result(of: pipeline).state == .stopped)
        #expect(access(folder, F_OK) == 0)
    }

    @Test("A client that goes away ends the endpoint and all that runs", arguments: TestedShell.allCases)
    func hangUp(_ shell: TestedShell) throws {
        let endpoint = try EndpointUnderTest(shell).opened()
        let session = try #require(Int32(try endpoint.line("echo $$; sleep 1000 & sleep 1000 &").console[0]))
        let pipeline = endpoint.client.create(.line("echo on; sleep 1000"))
        try endpoint.pump { $0.results[pipeline]?.console == ["on"] }
        #expect(members(of: session) >= 3)
        #expect(try endpoint.hangUp() == 160)
        #expect(members(of: session) == 0)
        #expect(endpoint.rest().contains("__NamedPipeError__:"))
    }

    @Test("An orderly end runs the shell's EXIT trap and leaves nobody behind", arguments: TestedShell.allCases)
    func orderly(_ shell: TestedShell) throws {
        let endpoint = try EndpointUnderTest(shell).opened()
        let temporary = try TemporaryFolder()
        let file = try temporary.makeFolder("marker")
        let session = try #require(
            Int32(try endpoint.line("echo $$; sleep 1000 & trap 'rmdir \(file)' EXIT").console[0])
        )
        #expect(try endpoint.close() == 0)
        #expect(members(of: session) == 0)
        #expect(access(file, F_OK) != 0)
    }

    @Test(
        "Junk and a blank line end the session as a real server's",
        arguments: ["\n", "hello there\n", "<Nonsense PSGuid='x' />\n"]
    )
    func junk(_ text: String) throws {
        let endpoint = try EndpointUnderTest().opened()
        endpoint.send(text)
        #expect(try endpoint.endpointStatus == 160)
        #expect(endpoint.rest().contains("__NamedPipeError__:"))
    }

    @Test("Pipelines that come while one runs wait for it")
    func queue() throws {
        let endpoint = try EndpointUnderTest().opened()
        var all: [PipelineID] = []
        for number in 1...40 {
            all.append(endpoint.client.create(.line(PSString("echo \(number); x=$((x + \(number)))"))))
        }
        let last = endpoint.client.create(.line("echo $x"))
        #expect(try endpoint.result(of: last).console == ["820"])
        #expect(all.compactMap { endpoint.results[$0]?.console.first } == (1...40).map(String.init))
    }

    @Test("A shell that cannot be started breaks the pool, and says why")
    func noShell() throws {
        let missing = ShellProgram(path: "/no/such/shell", resolved: "/no/such/shell")
        let endpoint = try EndpointUnderTest(program: missing)
        let error = #expect(throws: PSRPError.self) { _ = try endpoint.opened() }
        #expect(error?.message.contains("/no/such/shell") == true)
        let noShell = ShellProgram(path: "/bin/true", resolved: "/bin/true")
        #expect(throws: PSRPError.self) { _ = try EndpointUnderTest(program: noShell).opened() }
    }
}
