import Fleet
import FoundationEssentials
import Glibc
import PSRunTestSupport
import Playbooks
import SSHTransport
import Sessions
import SilentRuns
import Synchronization

/// An sshd with psrun's endpoint behind it, which is reached through faults.
final class FaultyFleet: Sendable {
    /// What one target came to whose way was faulty.
    struct Passage: Sendable {
        var fault: Fault
        var result: TargetResult
        /// The fault's byte came, so it struck.
        var hasStruck: Bool
        /// How many lines of the playbook ran at the far side, by its own account.
        var linesRun: Int
    }

    /// A playbook whose lines note that they ran; a garbled one writes nowhere else.
    private static let playbook = (1...3).map { "echo \($0) >>\"$RAN\"; echo line $((\($0) * 1111))\n" }.joined()
    static let answers = (1...3).map { "line \($0 * 1111)" }

    static let connectingTimeout = Duration.milliseconds(1200)
    static let limits = {
        var limits = SessionLimitTimes()
        limits.step = .milliseconds(600)
        limits.target = .seconds(4)
        limits.grace = .milliseconds(200)
        return limits
    }()

    private let folder: TemporaryFolder
    private let server: SSHServer
    private let knownHosts: String
    let recordings: String

    init() async throws {
        folder = try TemporaryFolder()
        let (plan, notes) = (folder.path(of: "plan"), try folder.makeFolder("notes"))
        try folder.write("", to: "plan")
        recordings = try folder.makeFolder("recordings")
        let pipe = Peers.command("fault_relay.py", ["pipe", plan, notes, BuiltProgram.path, "endpoint"])
        server = try await SSHServer(subsystems: ["powershell": try folder.wrapper(for: pipe)])
        knownHosts = try folder.write("* \(server.hostKey)\n", to: "known_hosts")
    }

    /// Where the messages of a session end that nothing happens to.
    func lengths() async throws -> SessionLengths {
        // On a machine that is busy, a clock may end one that nothing happens to, and it is no measure then.
        for _ in 0..<5 {
            guard let passed = try? await pass([.none]), passed.allSatisfy({ $0.result.outcome == .ok }) else {
                continue
            }
            var lengths = SessionLengths()
            for (layer, side) in Self.ways {
                let ends = try text(of: noteOfEnds(layer, side))
                lengths[layer, side] = ends.split(separator: "\n").compactMap { Int($0) }
            }
            return lengths
        }
        throw TestSupportError("a session that nothing happens to does not end well")
    }

    private static let ways = Fault.Layer.allCases.flatMap { layer in Fault.Side.allCases.map { (layer, $0) } }

    private func noteOfEnds(_ layer: Fault.Layer, _ side: Fault.Side) -> String {
        folder.path(of: "notes/ends-\(layer)-\(side)")
    }

    /// Runs the playbook on a target for each fault, several at once.
    /// - Parameter proxied: whether each connection is a child's.
    func pass(_ faults: [Fault], proxied: Bool = false) async throws -> [Passage] {
        let notes = folder.path(of: "notes")
        try? FileManager.default.removeItem(atPath: notes)
        try folder.makeFolder("notes")
        try folder.write(faults.enumerated().map { "\($0) \($1)\n" }.joined(), to: "plan")
        let relay = try ChildProgram(
            Peers.command("fault_relay.py", ["relay", folder.path(of: "plan"), notes, "\(server.port)"])
        )
        defer {
            relay.signal(SIGKILL)
            _ = try? relay.wait(seconds: 5)
        }
        try await wait(for: "\(notes)/port")
        let port = UInt16(try text(of: "\(notes)/port")) ?? 0
        let ended = Mutex<[String: TargetResult]>([:])
        let run = try FleetRun(
            try plan(for: faults.indices.map { target($0, port) }, proxied),
            console: SilentConsole { result, _ in ended.withLock { $0[result.target] = result } },
            person: nil,
            mask: SecretMask(),
            control: RunControl()
        )
        _ = await run.run()
        try await waitForEndOfProcesses()
        // The relay writes them once it has seen both ends, and is killed below.
        if faults.contains(where: { $0.kind == .none }) {
            for (layer, side) in Self.ways { try await wait(for: noteOfEnds(layer, side)) }
        }
        let results = ended.withLock { $0 }
        return try faults.enumerated().map { number, fault in
            guard let result = results["\(number)"] else { throw TestSupportError("no result of \(fault)") }
            let ran = (try? text(of: "\(notes)/ran-\(number)")) ?? ""
            return Passage(
                fault: fault,
                result: result,
                hasStruck: access("\(notes)/struck-\(number)", F_OK) == 0,
                linesRun: ran.split(separator: "\n").count
            )
        }
    }

    private func target(_ number: Int, _ port: UInt16) -> RunTarget {
        let address = "127.1.\(number / 250).\(number % 250 + 1)"
        let ssh = SSHTarget(displayName: "\(number)", host: address, port: port, user: server.user)
        return RunTarget(.ssh(ssh), name: "\(number)", label: "\(number)", computerName: address)
    }

    private func plan(for targets: [RunTarget], _ proxied: Bool) throws -> RunPlan {
        var session = SessionOptions(target: "", label: "", computerName: "")
        session.limits = Self.limits
        var recording = RecordingPlan(psrunVersion: "0")
        recording.folder = recordings
        var plan = RunPlan(
            playbook: try Playbook(bytes: Array(Self.playbook.utf8)),
            playbookName: "torture.sh",
            playbookBytes: Array(Self.playbook.utf8),
            targets: targets,
            session: session,
            recording: recording,
            startedSeconds: Int64(time(nil)),
            environment: ["HOME": folder.path]
        )
        plan.fanout = 8
        plan.connectingTimeout = Self.connectingTimeout
        plan.ssh = SSHOptions(
            keyFile: server.key,
            options: ["UserKnownHostsFile=\(knownHosts)", "GlobalKnownHostsFile=/dev/null"],
            configurationFile: "none"
        )
        let proxy = Peers.command("fault_relay.py", ["proxy", "%h", "%p"]).joined(separator: " ")
        if proxied { plan.ssh.options.append("ProxyCommand=\(proxy)") }
        return plan
    }

    /// No endpoint outlives its client by more than it takes to end its shell.
    private func waitForEndOfProcesses() async throws {
        let started = (try? text(of: folder.path(of: "notes/processes"))) ?? ""
        for process in started.split(separator: "\n").compactMap({ Int32($0) }) {
            for _ in 0..<1500 where kill(process, 0) == 0 { try await Task.sleep(for: .milliseconds(10)) }
            guard kill(process, 0) != 0 else { throw TestSupportError("the endpoint \(process) has not ended") }
        }
    }

    private func wait(for file: String) async throws {
        for _ in 0..<1000 where access(file, F_OK) != 0 { try await Task.sleep(for: .milliseconds(10)) }
        guard access(file, F_OK) == 0 else { throw TestSupportError("fault_relay.py does not write \(file)") }
    }
}
