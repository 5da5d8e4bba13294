import PSRunTestSupport
import Testing

@testable import SSHTransport

/// What a message says to do about old keys, done with OpenSSH's own ssh-keygen.
struct KnownHostsCureTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func line(_ names: String, _ number: Int) -> String { "\(names) ssh-ed25519 \(HostKeys.ed25519(number))\n" }

    private func known(_ file: String) throws -> KnownHosts {
        try KnownHostsFile.read([file])
    }

    private func cure(_ name: String, in file: String) throws -> String {
        let known = try known(file)
        return KnownHostsCure.sentences(for: known.plainLines(for: name) + known.hashedLines(for: name), name: name)
    }

    /// Runs each command that a cure has in backquotes.
    private func follow(_ cure: String) async throws {
        for match in cure.matches(of: /`(ssh-keygen[^`]*)`/) {
            let outcome = try await ChildProgram.run(["/bin/sh", "-c", String(match.1)])
            #expect(outcome.ending == .exited(0), "\(outcome)")
        }
    }

    @Test(
        "Cures of several hosts, followed in any order, remove those hosts' keys and no other",
        arguments: [true, false]
    )
    func order(isReversed: Bool) async throws {
        let lines = line("db00", 1) + line("app01", 2) + line("[mon01]:2222", 3) + line("db01", 4) + line("app01", 5)
        let file = try folder.write(lines, to: "known hosts", mode: 0o600)
        let cures = try ["app01", "[mon01]:2222"].map { try cure($0, in: file) }
        #expect(cures[0] == "`ssh-keygen -f '\(file)' -R app01`.")
        #expect(cures[1] == "`ssh-keygen -f '\(file)' -R '[mon01]:2222'`.")
        for cure in isReversed ? cures.reversed() : cures { try await follow(cure) }
        #expect(try text(of: file) == line("db00", 1) + line("db01", 4))
    }

    @Test("A hashed line is found by its host's name")
    func hashed() async throws {
        let file = folder.path(of: "known_hosts")
        for (index, name) in ["a", "b", "c"].enumerated() {
            let key = PublicKey(algorithm: "ssh-ed25519", base64: HostKeys.ed25519(index))
            try KnownHostsFile.append(name: name, key: key, to: file, hashed: true)
        }
        try await follow(try cure("b", in: file))
        let left = try known(file)
        #expect(["a", "b", "c"].map { left.hashedLines(for: $0).count } == [1, 0, 1])
    }

    @Test("A line that names other hosts as well is said to go with its names")
    func severalNames() throws {
        let file = try folder.write(line("web01,192.0.2.1", 1), to: "known_hosts", mode: 0o600)
        #expect(
            try cure("web01", in: file)
                == "`ssh-keygen -f \(file) -R web01` (which is about 192.0.2.1 as well)."
        )
    }

    @Test(
        "A pattern's line is not to be removed, since it is about other hosts; what is written in front takes one out"
    )
    func patterns() throws {
        let file = try folder.write(line("web01", 2) + line("*.example,web*", 1), to: "known_hosts", mode: 0o600)
        let cure = try cure("web01", in: file)
        #expect(cure.contains("write `!web01,` in front of its names") && !cure.contains("-R web01"))
        let edited = try text(of: file).replacing("*.example", with: "!web01,*.example")
        try folder.write(edited, to: "known_hosts", mode: 0o600)
        #expect(try known(file).plainLines(for: "web01").map(\.number) == [1])
        #expect(try known(file).plainLines(for: "web02").map(\.number) == [2])
    }

    @Test("Each file that has an old key has a cure of its own")
    func severalFiles() async throws {
        let files = try ["one", "two"].map { try folder.write(line("web01", 1), to: $0, mode: 0o600) }
        let lines = try KnownHostsFile.read(files).plainLines(for: "web01")
        try await follow(KnownHostsCure.sentences(for: lines, name: "web01"))
        #expect(try KnownHostsFile.read(files).plainLines(for: "web01").isEmpty)
    }

    @Test("Words are quoted for a shell")
    func quoting() async throws {
        for word in ["a b", "it's", "$(id)", "[a]:1", "~x", "", "-a", "a*"] {
            let outcome = try await ChildProgram.run(["/bin/sh", "-c", "printf %s \(KnownHostsCure.quoted(word))"])
            #expect(outcome.output == word)
        }
        #expect(KnownHostsCure.quoted("/home/me/.ssh/known_hosts") == "/home/me/.ssh/known_hosts")
    }
}
