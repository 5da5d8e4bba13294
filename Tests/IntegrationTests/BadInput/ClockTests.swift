import PSRunTestSupport
import Testing

/// -ConnectingTimeout holds in every phase against a peer that is silent, trickles or talks junk.
@Suite(.serialized)
struct ClockTests {
    /// Runs against 127.0.0.1:port with so many milliseconds, and checks psrun's own measure of them.
    private func phase(port: Int, options: [String] = [], milliseconds: Int) async throws -> String? {
        let place = try Workplace()
        let arguments = [try place.playbook("echo in\n"), "--format", "json", "--host", "127.0.0.1:\(port)"] + options
        let clock = ContinuousClock()
        var outcome: ProgramOutcome?
        let took = try await clock.measure {
            outcome = try await place.psrun(arguments + ["-ConnectingTimeout", "\(milliseconds)"])
        }
        let ended = try #require(outcome)
        #expect(ended.ending == .exited(4), "\(ended)")
        #expect(took < .milliseconds(milliseconds + 1000), "\(took)")
        let target = try ended.onlyTarget()
        #expect(target.outcome == "unreachable")
        #expect(target.error?.code == "ConnectingTimeout", "\(target)")
        #expect(target.error?.message.contains("127.0.0.1:\(port)") == true, "\(target)")
        #expect(target.error?.message.contains("phase \(target.phase ?? "?")") == true, "\(target)")
        let spent = target.phasesUs.values.compactMap(\.self).reduce(0, +)
        #expect(spent >= (milliseconds - 50) * 1000 && spent <= (milliseconds + 100) * 1000, "\(target)")
        return target.phase
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

    @Test("A relay that goes silent after any of the client's writes: each phase up to the opened pool is bounded")
    func silentInEachPhase() async throws {
        let command = Peers.command("psrpcore_server.py")
        let folder = try TemporaryFolder()
        let server = try await SSHServer(subsystems: ["powershell": try folder.wrapper(for: command)])
        let order = ["banner", "kex", "host_key", "auth", "channel", "subsystem", "psrp_open"]
        var seen: [String] = []
        for write in 1...20 where seen.last != "psrp_open" {
            let peer = try await SilentPeer(.relay(port: server.port, write: write))
            let hosts = try server.folder.write("* \(server.hostKey)\n", to: "any_host")
            let options = ["-KeyFilePath", server.key, "-Options", "UserKnownHostsFile=\(hosts)"]
            seen.append(try await phase(port: peer.port, options: options, milliseconds: 900) ?? "none")
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
