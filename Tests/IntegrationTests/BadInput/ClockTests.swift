import PSRunTestSupport
import Testing

/// -ConnectingTimeout holds in every phase against a peer that is silent, trickles or talks junk.
@Suite(.serialized)
struct ClockTests {
    /// Runs against 127.0.0.1:port with so many milliseconds, and checks psrun's own measure of them: 100 ms more at most. A
    /// run that took longer counts where the machine left this process running all the while; where it never does, the
    /// delay that was measured meanwhile is allowed for.
    /// - Parameter mayOpen: whether the session may open nevertheless; then there is no phase.
    private func phase(
        port: Int,
        options: [String] = [],
        milliseconds: Int,
        mayOpen: Bool = false
    ) async throws -> String? {
        func attempt() async throws -> (target: RunReport.Target, late: Duration, worst: Duration) {
            try await self.attempt(port: port, options: options, milliseconds: milliseconds, mayOpen: mayOpen)
        }
        for _ in 1..<10 {
            let (target, late, worst) = try await attempt()
            if late <= .milliseconds(100) { return target.phase }
            guard worst >= .milliseconds(40) else {
                Issue.record("\(late) late, on a machine that was at most \(worst) late itself: \(target)")
                return target.phase
            }
        }
        let (target, late, worst) = try await attempt()
        #expect(late <= .milliseconds(100) + worst, "\(target)")
        return target.phase
    }

    /// One run; how much longer than it may it took, and how late, at worst, this machine was meanwhile.
    private func attempt(
        port: Int,
        options: [String],
        milliseconds: Int,
        mayOpen: Bool
    ) async throws -> (target: RunReport.Target, late: Duration, worst: Duration) {
        let place = try Workplace()
        let arguments = [try place.playbook("echo in\n"), "--format", "json", "--host", "127.0.0.1:\(port)"] + options
        let delay = SchedulingDelay()
        let ended = try await place.psrun(arguments + ["-ConnectingTimeout", "\(milliseconds)"])
        let worst = await delay.end()
        let target = try ended.onlyTarget()
        if mayOpen, target.outcome != "unreachable" { return (target, .zero, worst) }
        #expect(ended.ending == .exited(4), "\(ended)")
        #expect(target.outcome == "unreachable")
        #expect(target.error?.code == "ConnectingTimeout", "\(target)")
        #expect(target.error?.message.contains("127.0.0.1:\(port)") == true, "\(target)")
        #expect(target.error?.message.contains("phase \(target.phase ?? "?")") == true, "\(target)")
        let spent = target.phasesUs.values.compactMap(\.self).reduce(0, +)
        #expect(spent >= (milliseconds - 50) * 1000, "\(target)")
        return (target, .microseconds(spent - milliseconds * 1000), worst)
    }

    @Test(
        "Peers that never become an SSH server",
        arguments: [
            (SilentPeer.Way.full, "tcp"), (.silent, "banner"), (.trickle, "banner"), (.junk, "banner"),
            (.banner, "kex"),
        ]
    )
    func noServer(way: SilentPeer.Way, expected: String) async throws {
        let peer = try await SilentPeer(way)
        let phase = try await phase(port: peer.port, milliseconds: 800)
        #expect(phase == expected)
    }

    @Test("A ProxyCommand that says nothing is not taken for a port that is open")
    func silentProxyCommand() async throws {
        let place = try Workplace()
        let outcome = try await place.psrun(
            [
                try place.playbook("echo 1\n", named: "one.sh"), "--host", "web01", "--ssh-config", "none",
                "-Options", "ProxyCommand=sleep 60", "-ConnectingTimeout", "700",
            ]
        )
        #expect(outcome.ending == .exited(4), "\(outcome)")
        #expect(outcome.errors.contains("in phase banner"), "\(outcome)")
        #expect(outcome.errors.contains("ProxyCommand runs, and brings none"), "\(outcome)")
        #expect(!outcome.errors.contains("the port is open"), "\(outcome)")
    }

    @Test("A relay that goes silent after any of the client's writes: each phase up to the opened pool is bounded")
    func silentInEachPhase() async throws {
        let command = Peers.command("psrpcore_server.py")
        let folder = try TemporaryFolder()
        let server = try await SSHServer(subsystems: ["powershell": try folder.wrapper(for: command)])
        let order = ["banner", "kex", "host_key", "auth", "channel", "subsystem", "psrp_open"]
        let hosts = try server.folder.write("* \(server.hostKey)\n", to: "any_host")
        let options = ["-KeyFilePath", server.key, "-Options", "UserKnownHostsFile=\(hosts)"]
        var seen: [String] = []
        // On a busy machine two writes may come to the relay as one, and the last phase be passed over.
        for _ in 0..<4 where seen.last != "psrp_open" {
            seen = []
            for write in 1...20 where seen.last != "psrp_open" {
                let peer = try await SilentPeer(.relay(port: server.port, write: write))
                guard let phase = try await phase(port: peer.port, options: options, milliseconds: 900, mayOpen: true)
                else { break }
                seen.append(phase)
            }
        }
        let ranks = seen.compactMap { order.firstIndex(of: $0) }
        #expect(ranks.count == seen.count && ranks == ranks.sorted(), "\(seen)")
        #expect(Set(seen).isSuperset(of: ["kex", "auth", "channel", "subsystem", "psrp_open"]), "\(seen)")
    }

    @Test("A zero is a usage error, and a negative number means no limit")
    func zeroAndNegative() async throws {
        let server = try ServedProcess(locally: Peers.command("psrpcore_server.py"))
        let zero = try await server.run("echo in\n", ["-ConnectingTimeout", "0"])
        #expect(zero.ending == .exited(2), "\(zero)")
        let unlimited = try await server.run("echo in\n", ["-ConnectingTimeout", "-1"])
        #expect(unlimited.ending == .exited(0), "\(unlimited)")
    }
}
