import PSRunTestSupport
import Testing

/// Many targets behind one sshd, which drops logins that come at once.
struct AdmissionTests {
    /// Runs one line on so many names of one sshd, all at once, and gives the names that were not reached.
    private func lost(_ count: Int, of settings: [String], fanout: Int) async throws -> [String] {
        let place = try Workplace()
        let subsystem = try place.folder.wrapper(for: [BuiltProgram.path, "endpoint"])
        let server = try await SSHServer(subsystems: ["powershell": subsystem], settings: settings)
        let config = try place.folder.write(
            "Host h*\n HostName 127.0.0.1\n Port \(server.port)\n User \(server.user)\n UserKnownHostsFile \(server.knownHosts)\n"
                + " GlobalKnownHostsFile none\n IdentityFile \(server.key)\n IdentitiesOnly yes\n",
            to: "config"
        )
        let playbook = try place.playbook("echo in\n", named: "in.sh")
        let options = ["--host", "h[1-\(count)]", "-f", "\(fanout)", "--format", "json"]
        let ended = try await place.psrun([playbook, "--ssh-config", config] + options, within: 120)
        let report = try ended.report()
        #expect(report.targets.count == count)
        return report.targets.filter { $0.outcome != "ok" }.map { "\($0)" }
    }

    @Test("A hundred targets behind one stock sshd are all reached", arguments: [32, 64, 100])
    func stock(fanout: Int) async throws {
        let lost = try await lost(100, of: ["MaxStartups 10:30:100"], fanout: fanout)
        #expect(lost.isEmpty)
    }

    @Test("A server that takes fewer logins at a time gets fewer, and each of its drops is tried again")
    func narrow() async throws {
        let lost = try await lost(40, of: ["MaxStartups 2:100:3"], fanout: 40)
        #expect(lost.isEmpty)
    }

    @Test("A server that closes every connection without a word is given up after a few")
    func never() async throws {
        let place = try Workplace()
        let peer = try await SilentPeer(.hangsUp)
        let playbook = try place.playbook("echo in\n", named: "in.sh")
        let ended = try await place.psrun([playbook, "--host", "127.0.0.1:\(peer.port)", "--format", "json"])
        let target = try ended.onlyTarget()
        #expect(target.outcome == "unreachable" && target.phase == "banner", "\(target)")
        #expect(target.error?.message.hasSuffix("It was tried 4 times.") == true, "\(target)")
    }
}
