import CLIXML
import Glibc
import PSRP
import PSRunTestSupport
import Testing

@testable import PSRPEndpoint

/// What ends with a session, what outlives it, and who leaves first.
@Suite("The lives of the endpoint, its guards and what runs", .serialized)
struct EndpointLifetimeTests {
    /// Starts an endpoint, runs a line in it that prints ids of processes, and reads them.
    private func started(_ line: String) throws -> (EndpointUnderTest, ServingProcess, [Int32]) {
        let (endpoint, process) = try EndpointUnderTest.process()
        let result = try endpoint.opened().line(line)
        let identifiers = result.console.joined(separator: " ").split(separator: " ").compactMap { Int32($0) }
        try #require(identifiers.count > 1 && identifiers.allSatisfy { kill($0, 0) == 0 }, "\(result)")
        return (endpoint, process, identifiers)
    }

    /// Whether a process ends within ten seconds.
    private func ends(_ process: Int32) -> Bool {
        for _ in 0..<2_000 where kill(process, 0) == 0 { usleep(5_000) }
        return kill(process, 0) != 0
    }

    private static func killAll(_ processes: [Int32]) {
        for process in processes { Glibc.kill(process, SIGKILL) }
    }

    @Test("After the last ack the endpoint reads on until its client has left: a client that is slow finds it alive")
    func clientLeavesFirst() throws {
        let (endpoint, process) = try EndpointUnderTest.process()
        try endpoint.opened().closePool()
        for _ in 0..<40 {
            usleep(10_000)
            #expect(process.isAlive)
        }
        endpoint.send("<Data Stream='Default' PSGuid='00000000-0000-0000-0000-000000000000'>")
        #expect(try endpoint.hangUp() == 0)
        #expect(endpoint.rest() == "")
    }

    @Test("A client that never leaves is waited for, ten seconds at most")
    func clientStays() throws {
        let (endpoint, process) = try EndpointUnderTest.process()
        try endpoint.opened().closePool()
        let began = Clock.milliseconds()
        #expect(try process.status() == 0)
        let took = Clock.milliseconds() - began
        #expect((9_000..<14_000).contains(took), "\(took) ms")
    }

    @Test("A client that has left is noticed though nothing is read of it, since too much waits for it")
    func clientLeavesInAFlood() throws {
        let (endpoint, process) = try EndpointUnderTest.process()
        let pipeline = try endpoint.opened().client.create(.line("echo on; yes"))
        try endpoint.pump { $0.results[pipeline]?.console.first == "on" }
        usleep(500_000)
        #expect(try endpoint.hangUp() == 160)
        #expect(!process.isAlive)
    }

    @Test("What left the session on purpose outlives it: a session of its own, SIGHUP ignored. The rest ends")
    func leavers() throws {
        let (endpoint, _, all) = try started(
            "sleep 1000 & echo $!; (sleep 1000 & echo $!); set -m; sleep 1000 & echo $!; set +m; "
                + "setsid -f sh -c 'echo $$; exec sleep 1000'; nohup sleep 1000 2>/dev/null & echo $!; "
                + "(trap '' HUP; exec sleep 1000) & echo $!; sleep 0.2"
        )
        defer { Self.killAll(all) }
        try #require(all.count == 6)
        #expect(try endpoint.close() == 0)
        // The fourth may have been told before the third: which is which, its session says.
        let alive = all.filter { kill($0, 0) == 0 }
        #expect(alive.count == 3 && Set(all.prefix(2)).isDisjoint(with: alive), "\(all): \(alive)")
        #expect(Set(all.suffix(2)).isSubset(of: alive))
    }

    @Test("So it is when the endpoint is killed")
    func leaversOfTheKilled() throws {
        let (_, process, all) = try started("nohup sleep 1000 2>/dev/null & echo $!; sleep 1000 & echo $!; sleep 0.2")
        defer { Self.killAll(all) }
        kill(process.identifier, SIGKILL)
        #expect(try process.status() == -SIGKILL)
        #expect(ends(all[1]))
        #expect(kill(all[0], 0) == 0)
    }

    @Test("A guard that is killed orphans nobody: the endpoint ends the shell's session, and says so")
    func killedGuard() throws {
        let (endpoint, process, all) = try started("echo $PPID; nohup sleep 1000 2>/dev/null & echo $!; sleep 0.2")
        defer { Self.killAll(all) }
        let session = try #require(Int32(try endpoint.line("echo $$; sleep 1000 &").console[0]))
        let pipeline = endpoint.client.create(.line("echo on; sleep 1000"))
        try endpoint.pump { $0.results[pipeline]?.console == ["on"] }
        kill(all[0], SIGKILL)
        #expect(throws: PSRPError.self) { try endpoint.pump { _ in false } }
        for _ in 0..<1_000 where members(of: session) > 1 { usleep(5_000) }
        // nohup's program alone.
        #expect(members(of: session) == 1 && kill(all[1], 0) == 0)
        #expect(endpoint.results[pipeline]?.failure?.message.contains("killed by signal 9") == true)
        #expect(process.isAlive)
        #expect(try endpoint.hangUp() == 160)
    }

    @Test("A flood that is stopped ends at once: few lines come after the Signal, and then the prompt")
    func flood() throws {
        let (endpoint, _) = try EndpointUnderTest.process()
        let pipeline = try endpoint.opened().client.create(.line("seq 100000000"))
        try endpoint.pump { $0.results[pipeline]?.console.count ?? 0 > 1_000 }
        usleep(300_000)
        let before = endpoint.results[pipeline]?.console.count ?? 0
        endpoint.client.stop(pipeline)
        let result = try endpoint.result(of: pipeline)
        #expect(result.state == .stopped)
        // A socket holds 32 KiB of them, the loop 8 more, and the test took up to 64 with its last read.
        let late = result.console.count - before
        #expect(late < 100, "\(late) lines came after the Signal")
        #expect(try endpoint.run(.prompt).text.count == 1)
        #expect(try endpoint.line("echo $?").console == ["130"])
        #expect(try endpoint.close() == 0)
    }
}
