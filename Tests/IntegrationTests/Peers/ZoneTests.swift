import PSRunTestSupport
import Testing

/// IPv6 addresses with a zone, in a network of its own where the loopback interface has a link-local address.
struct ZoneTests {
    private let place: Workplace
    private let knownHosts: String

    init() throws {
        place = try Workplace()
        knownHosts = place.folder.path(of: "known_hosts")
    }

    /// Runs psrun with each of these lists of arguments, one after the other, beside an SSH server at port 2222; `status N`
    /// stands on standard error behind each.
    private func run(_ commands: [[String]]) async throws -> ProgramOutcome {
        for key in ["host_key", "key"] {
            let command = ["/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", place.folder.path(of: key)]
            guard try await ChildProgram.run(command).ending == .exited(0) else { throw TestSupportError("ssh-keygen") }
        }
        let playbook = try place.playbook("echo in\n")
        let options = [
            "--format", "jsonl", "--any-shell", "-KeyFilePath", place.folder.path(of: "key"), "-Options",
            "UserKnownHostsFile=\(knownHosts)", "-Options", "GlobalKnownHostsFile=/dev/null", "-Options",
            "HashKnownHosts=no", "-UserName", "op",
        ]
        let server = Peers.command(
            "subsystem_server.py",
            [
                "2222", place.folder.path(of: "host_key"), place.folder.path(of: "key.pub"), BuiltProgram.path,
                "endpoint",
            ]
        )
        let lines = commands.map {
            Self.words([BuiltProgram.path, playbook] + options + $0) + "; echo \"status $?\" >&2"
        }
        let script = """
            set -e
            ip link set lo up
            ip address add fe80::5/64 dev lo nodad
            \(Self.words(server)) &
            server=$!
            for round in $(seq 200); do ssh-keyscan -p 2222 ::1 >/dev/null 2>&1 && break; sleep 0.05; done
            set +e
            \(lines.joined(separator: "\n"))
            kill $server
            """
        let outcome = try await ChildProgram.run(
            ["/usr/bin/unshare", "--map-root-user", "--net", "/bin/sh", "-c", script],
            environment: place.environment(),
            within: 60
        )
        #expect(outcome.ending == .exited(0), "\(outcome)")
        return outcome
    }

    private static func words(_ words: [String]) -> String {
        words.map { "'\($0)'" }.joined(separator: " ")
    }

    @Test("A zone names an interface, by its name or its number, for link-local addresses and others alike")
    func zones() async throws {
        let hosts = ["[fe80::5%lo]", "[FE80::5%25lo]", "[fe80::5%1]", "[::1%lo]"]
        let outcome = try await run(
            hosts.map { ["--host", "\($0):2222", "--host-key-check", "accept-new"] }
                + [["--host", "[fe80::5%lo]:2222"], ["--host", "[::1%lo]:2222"]]
        )
        #expect(outcome.errors.split(separator: "\n").filter { $0 == "status 0" }.count == 6, "\(outcome)")
        for name in ["op@[fe80::5%lo]:2222", "op@[fe80::5%1]:2222", "op@[::1%lo]:2222"] {
            #expect(outcome.output.contains("\"target\":\"\(name)\""), "\(name): \(outcome.output)")
        }
        // What OpenSSH writes for them, and finds again.
        let names = try text(of: knownHosts).split(separator: "\n").compactMap { $0.split(separator: " ").first }
        #expect(names == ["[fe80::5%lo]:2222", "[fe80::5%1]:2222", "[::1%lo]:2222"])
        let found = try await ChildProgram.run(
            ["/usr/bin/ssh-keygen", "-F", "[fe80::5%lo]:2222", "-f", knownHosts]
        )
        #expect(found.ending == .exited(0), "\(found)")
    }

    @Test("An interface that is not there is said to be so")
    func noSuchInterface() async throws {
        let outcome = try await run([["--host", "[fe80::5%eth9]:2222"], ["--host", "[fe80::5]:2222"]])
        #expect(outcome.errors.contains("has no network interface eth9"), "\(outcome)")
        #expect(outcome.errors.split(separator: "\n").filter { $0 == "status 4" }.count == 2, "\(outcome)")
    }
}
