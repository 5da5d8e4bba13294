import PSRunTestSupport
import Testing

/// Connections that cannot be made: one message each, with the target, the phase and a way out; exit code 4.
@Suite(.serialized)
struct BadConnectionTests {
    /// Runs one line against a target and gives the target's part of the report, having checked what all have in common.
    private func fail(
        _ host: String,
        _ options: [String],
        in phase: String,
        place: Workplace? = nil,
        saying words: [String] = [],
        andOnStandardError remark: String = ""
    ) async throws -> RunReport.Target {
        let place = try place ?? Workplace()
        let arguments = [try place.playbook("echo in\n"), "--format", "json", "--host", host] + options
        let bound = options.contains("-ConnectingTimeout") ? [] : ["-ConnectingTimeout", "10000"]
        let outcome = try await place.psrun(arguments + bound)
        #expect(outcome.ending == .exited(4), "\(outcome)")
        #expect(remark.isEmpty || outcome.errors.contains(remark), "\(outcome)")
        let target = try outcome.onlyTarget()
        #expect(target.outcome == "unreachable")
        #expect(target.phase == phase, "\(target)")
        #expect(target.steps.map(\.outcome) == ["not_sent"])
        let message = try #require(target.error?.message)
        for word in words { #expect(message.contains(word), "\(word): \(message)") }
        return target
    }

    @Test("A host name that does not resolve is said with the way out")
    func unknownHost() async throws {
        _ = try await fail("no-such-host.invalid", [], in: "resolve", saying: ["no-such-host.invalid"])
    }

    @Test("A port that refuses is said with the way out")
    func refusedPort() async throws {
        let port = try SSHServer.freePort()
        _ = try await fail("127.0.0.1:\(port)", [], in: "tcp", saying: ["127.0.0.1", "\(port)", "refused"])
    }

    @Test("A BindAddress that cannot be used is not the host's fault", arguments: ["192.0.2.1", "nonsense", "::1"])
    func bindAddress(address: String) async throws {
        let port = try SSHServer.freePort()
        let target = try await fail(
            "127.0.0.1:\(port)",
            ["-Options", "BindAddress=\(address)"],
            in: "tcp",
            saying: ["BindAddress \(address)", "Correct BindAddress"]
        )
        #expect(target.error?.message.contains("Check that the host is up") == false)
    }

    @Test("A peer that hangs up at once is said with the way out")
    func aPeerThatHangsUp() async throws {
        let peer = try await SilentPeer(.hangsUp)
        _ = try await fail("127.0.0.1:\(peer.port)", [], in: "banner", saying: ["127.0.0.1"])
    }

    @Test("Host keys that are unknown, changed or revoked are refused, with what to do")
    func hostKeys() async throws {
        let server = try await SSHServer(subsystems: ["powershell": "/bin/cat"])
        let host = "\(server.user)@127.0.0.1:\(server.port)"
        let name = "[127.0.0.1]:\(server.port)"
        func options(_ text: String) throws -> [String] {
            let file = try server.folder.write(text, to: "other_hosts")
            return ["-KeyFilePath", server.key, "-Options", "UserKnownHostsFile=\(file)"]
                + ["-Options", "GlobalKnownHostsFile=/dev/null"]
        }
        let unknown = try await fail(host, options(""), in: "host_key", saying: ["127.0.0.1", "SHA256:"])
        #expect(unknown.error?.message.contains("--host-key-check") == true, "\(unknown)")

        let stranger = try text(of: server.folder.path(of: "stranger_key.pub")).split(separator: " ").prefix(2)
        let changed = "# a comment\n\(name) \(stranger.joined(separator: " "))\n"
        let words = ["other_hosts", "2", "SHA256:"]
        let target = try await fail(host, options(changed), in: "host_key", saying: words)
        let fingerprints = target.error?.message.split(separator: "SHA256:").count ?? 0
        #expect(fingerprints == 3, "both fingerprints: \(target)")
        _ = try await fail(host, options(changed) + ["--host-key-check", "no"], in: "host_key", saying: words)

        let revoked = "\(name) \(server.hostKey)\n@revoked * \(server.hostKey)\n"
        _ = try await fail(host, options(revoked), in: "host_key", saying: ["revoked", "other_hosts"])
    }

    @Test("A key that the server does not take")
    func wrongKey() async throws {
        let server = try await SSHServer(subsystems: ["powershell": "/bin/cat"])
        let host = "\(server.user)@127.0.0.1:\(server.port)"
        _ = try await fail(host, server.options(key: server.strangerKey), in: "auth", saying: ["publickey"])
    }

    @Test("A key file that is not there, is not a key, or may be read by others")
    func badKeyFiles() async throws {
        let server = try await SSHServer(subsystems: ["powershell": "/bin/cat"])
        let host = "\(server.user)@127.0.0.1:\(server.port)"
        let open = try server.folder.write(try contents(of: server.key), to: "open_key", mode: 0o644)
        let noKey = try server.folder.write("no key\n", to: "no_key", mode: 0o600)
        let missing = server.folder.path(of: "missing_key")
        for (file, words) in [(open, ["644", "chmod"]), (noKey, ["no_key"]), (missing, ["missing_key"])] {
            let place = try Workplace()
            let arguments = [try place.playbook("echo in\n"), "--host", host] + server.options(key: file)
            let outcome = try await place.psrun(arguments)
            #expect([.exited(2), .exited(4)].contains(outcome.ending), "\(outcome)")
            for word in [file] + words { #expect(outcome.errors.contains(word), "\(word): \(outcome)") }
        }
    }

    @Test("A key with a passphrase, and none given")
    func lockedKey() async throws {
        let server = try await SSHServer(subsystems: ["powershell": "/bin/cat"])
        let host = "\(server.user)@127.0.0.1:\(server.port)"
        let place = try Workplace()
        let arguments = [try place.playbook("echo in\n"), "--host", host] + server.options(key: server.lockedKey)
        let outcome = try await place.psrun(arguments)
        #expect([.exited(2), .exited(4)].contains(outcome.ending), "\(outcome)")
        #expect(outcome.errors.contains("--passphrase-file"), "\(outcome)")
    }

    @Test("A subsystem that is not there, ends at once, or prints junk")
    func badSubsystems() async throws {
        let folder = try TemporaryFolder()
        let server = try await SSHServer(subsystems: [
            "ends": try folder.wrapper(for: ["/bin/sh", "-c", "exit 127"], named: "ends"),
            "junk": try folder.wrapper(for: ["/bin/sh", "-c", "echo Welcome; exec sleep 60"], named: "junk"),
            "powershell": "/bin/cat",
        ])
        let host = "\(server.user)@127.0.0.1:\(server.port)"
        let options = server.options()
        _ = try await fail(host, options + ["-Subsystem", "nothing"], in: "subsystem", saying: ["nothing"])
        _ = try await fail(host, options + ["-Subsystem", "ends"], in: "psrp_open", saying: ["127"])
        let junk = options + ["-Subsystem", "junk", "-ConnectingTimeout", "1500"]
        _ = try await fail(host, junk, in: "psrp_open", saying: ["1500 ms"], andOnStandardError: "Welcome")
        // What is sent comes back: no server says that.
        _ = try await fail(host, options, in: "psrp_open")
    }
}
