import Connections
import EventLoops
import PSRunTestSupport
import Playbooks
import ProcessTransport
import Processes
import Sessions
import ShellTransport
import Synchronization
import Testing

@testable import Fleet

/// Command lines as programs of this computer's, whose ends are told as one likes.
private struct LocalCommands: CommandTransport, CommandConnection {
    private final class Streams: TransportConnection {
        let process: LocalProcess
        let end: @Sendable (Connections.ExitStatus) throws -> Connections.ExitStatus

        init(
            _ process: LocalProcess,
            end: @escaping @Sendable (Connections.ExitStatus) throws -> Connections.ExitStatus
        ) {
            (self.process, self.end) = (process, end)
        }

        func receive() async throws -> TransportInput {
            let input = try await process.inbox.receive()
            guard case .end(let status) = input else { return input }
            return .end(try end(status))
        }

        func send(_ bytes: [UInt8]) async throws { try await process.outbox.send(bytes) }
    }

    let loop: EventLoop
    let end: @Sendable (Connections.ExitStatus) throws -> Connections.ExitStatus
    private let processes = Started()

    private final class Started: Sendable {
        let all = Mutex<[LocalProcess]>([])
    }

    init(loop: EventLoop, end: @escaping @Sendable (Connections.ExitStatus) throws -> Connections.ExitStatus) {
        (self.loop, self.end) = (loop, end)
    }

    func withTurn<Result: Sendable>(_ body: @Sendable () async -> Result) async -> Result { await body() }

    func withCommands<Result: Sendable>(
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?,
        _ body: @Sendable (any CommandConnection) async throws -> Result
    ) async throws -> Result {
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(self)) } catch { result = .failure(error) }
        for process in processes.all.withLock({ $0 }) { await process.end(by: .hasty) }
        return try result.get()
    }

    func start(_ line: String) async throws -> any TransportConnection {
        let process = LocalProcess(loop: loop)
        // As sshd has it, each leads a session of its own.
        let plan = ChildProcessPlan(executable: "/usr/bin/setsid", arguments: ["-w", "/bin/sh", "-c", line])
        try await process.start(plan, deadline: nil)
        processes.all.withLock { $0.append(process) }
        return Streams(process, end: end)
    }

    func isReady() async {}
}

@Suite("Shells that are lost")
struct LostShellTests {
    private func run(
        _ playbook: String,
        tellsSignals: Bool = true,
        end: @escaping @Sendable (Connections.ExitStatus) throws -> Connections.ExitStatus
    ) async throws -> TargetResult {
        let clock = RunClock()
        let loops = try TargetLoops(clock, targets: 1)
        let (loop, heartbeat) = (try TestLoops.next(), loops.next().heartbeat)
        var shell = ShellTransport.Options(version: "0", remark: { _ in })
        shell.tellsSignals = tellsSignals
        let transport = ShellTransport(
            "web01",
            over: LocalCommands(loop: loop, end: end),
            options: shell,
            loop: loop
        )
        let plan = TargetPlan(
            transport: transport,
            playbook: try Playbook(bytes: Array(playbook.utf8)),
            options: SessionOptions(target: "web01", label: "web01", computerName: "web01"),
            connectingTimeout: .seconds(20)
        )
        let driver = TargetDriver(
            plan,
            clock: clock,
            heartbeat: heartbeat,
            control: RunControl(),
            observer: SilentObserver()
        )
        return await loops.during { await driver.run() }
    }

    @Test("A line is unknown where its shell's streams end and nothing says how the shell did")
    func streamsEnd() async throws {
        for line in ["kill -9 $$", "exit 0"] {
            let result = try await run("echo one\n\(line)\necho three") { _ in .unknown }
            #expect(result.steps.map(\.outcome) == [.ok, .unknown, .notSent], "\(result)")
            #expect(result.outcome == .broken && result.failure?.code == "ConnectionLost", "\(result)")
            #expect(result.failure?.message.contains("was running, so that it may have run") == true, "\(result)")
            #expect(result.steps.first?.output == "one\n")
        }
    }

    @Test("The same where the connection under the shell breaks")
    func connectionBreaks() async throws {
        let lost = TransportError(.connectionLost, phase: nil, "web01: the connection was lost.")
        let result = try await run("echo one\nkill -9 $$\necho three") { _ in throw lost }
        #expect(result.steps.map(\.outcome) == [.ok, .unknown, .notSent], "\(result)")
        #expect(result.outcome == .broken && result.failure?.code == "ConnectionLost", "\(result)")
    }

    @Test("A line whose shell was killed is unknown, and its reason names the signal")
    func killed() async throws {
        let ends: [(end: Connections.ExitStatus, tells: Bool, words: String)] = [
            (.signal("KILL"), true, "its shell was killed by signal 9 (SIGKILL)"),
            (.signal("TERM"), true, "its shell was killed by signal 15 (SIGTERM)"),
            (.signal("35"), true, "its shell was killed by signal 35"),
            (.signal("odd"), true, "its shell was killed by a signal"),
            (.code(137), false, "its shell ended with status 137: signal 9 (SIGKILL) killed it, or what ran exited so"),
        ]
        for (end, tells, words) in ends {
            let result = try await run("echo one\necho two; kill -9 $$\necho three", tellsSignals: tells) { _ in end }
            #expect(result.steps.map(\.outcome) == [.ok, .unknown, .notSent], "\(result)")
            let reason = try #require(result.steps.dropFirst().first?.failure)
            #expect(reason.code == "LineLost" && reason.message.contains(words), "\(reason)")
            #expect(result.steps.dropFirst().first?.output.hasPrefix("two\n") == true, "\(result)")
            let failure = try #require(result.failure)
            #expect(failure.message.contains("was running, so that it may have run"), "\(failure)")
            #expect(failure.message.contains(words), "\(failure)")
        }
    }

    @Test("A status that no signal leaves is an exit, whoever tells it")
    func exited() async throws {
        for status in [3, 128, 200] as [Int32] {
            let result = try await run("echo one\nexit \(status)\necho three", tellsSignals: false) { $0 }
            #expect(result.steps.map(\.outcome) == [.ok, .error, .notSent] && result.exitCode == status, "\(result)")
        }
    }

    @Test("A shell whose end is told ends its line as it says")
    func told() async throws {
        let result = try await run("echo one\nexit 3\necho three") { $0 }
        #expect(result.steps.map(\.outcome) == [.ok, .error, .notSent] && result.exitCode == 3, "\(result)")
    }
}

private struct SilentObserver: SessionObserver {
    func observe(_ event: SessionEvent, at moment: RunMoment) async {}
    func observe(diagnostics: String, at moment: RunMoment) async {}
    func observe(banner: String, at moment: RunMoment) async {}
    func observe(trace line: String, at moment: RunMoment) {}
    func ask(_ question: Question) async -> String? { nil }
}
