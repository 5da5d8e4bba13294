import FoundationEssentials
import Glibc
import PSRunTestSupport
import Testing

/// The Debian packages of what was built: `make deb` makes them of the release.
@Suite(.serialized)
struct PackagesTests {
    private static let endpoint = PackageRoot.path + "/.build/endpoint/release/psrun-endpoint"
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func packages() async throws -> [String] {
        try #require(access(Self.endpoint, X_OK) == 0, "`make endpoint` builds \(Self.endpoint)")
        let words = [
            PackageRoot.path + "/packaging/build-deb", BuiltProgram.path, Self.endpoint, folder.path(of: "deb"),
        ]
        let made = try await ChildProgram.run(words, within: 120)
        try #require(made.ending == .exited(0), "\(made)")
        return made.output.split(separator: "\n").map(String.init)
    }

    /// A system of its own, which has nothing but what dpkg puts there.
    private func dpkg(_ arguments: [String]) async throws {
        let words = [
            "/usr/bin/env", "dpkg", "--root=\(folder.path(of: "root"))", "--log=/dev/null", "--force-not-root",
            "--force-depends",
        ]
        let outcome = try await ChildProgram.run(words + arguments, within: 60)
        try #require(outcome.ending == .exited(0), "\(outcome)")
    }

    private func makeRoot() throws {
        let data = folder.path(of: "root/var/lib/dpkg")
        for name in ["info", "updates"] {
            try FileManager.default.createDirectory(atPath: "\(data)/\(name)", withIntermediateDirectories: true)
        }
        for name in ["status", "available"] { try folder.write("", to: "root/var/lib/dpkg/\(name)") }
    }

    @Test("The packages are installed, entered by psrun, and removed without a trace")
    func use() async throws {
        let packages = try await packages()
        #expect(packages.count == 2)
        try makeRoot()
        try await dpkg(["--install"] + packages)
        let programs = folder.path(of: "root/usr/bin")
        #expect(try await ChildProgram.run(["\(programs)/psrun", "version"]).output.hasPrefix("psrun "))

        let server = try await SSHServer(subsystems: ["powershell": "\(programs)/psrun-endpoint --shell /bin/sh"])
        let place = try Workplace()
        let playbook = try place.playbook("x=in; cd /\necho $x; pwd; exit 3\n")
        let target = ["--host", "127.0.0.1", "-Port", "\(server.port)", "-UserName", server.user]
        let outcome = try await place.psrun([playbook, "--any-shell"] + target + server.options())
        #expect(outcome.output.contains("\nin\n/\n"), "\(outcome)")
        #expect(outcome.errors.contains("exit code 3"), "\(outcome)")

        try await dpkg(["--purge", "psrun", "psrun-endpoint"])
        #expect(access(folder.path(of: "root/usr"), F_OK) != 0)
    }

    /// The program for debugging, which the tests have, names the toolchain's folder; the release does not.
    @Test("lintian finds no fault with them")
    func lintian() async throws {
        let words = [
            "/usr/bin/env", "lintian", "--allow-root", "--fail-on", "error,warning", "--suppress-tags",
            "custom-library-search-path",
        ]
        let outcome = try await ChildProgram.run(words + (try await packages()), within: 300)
        #expect(outcome.ending == .exited(0), "\(outcome)")
    }

    @Test("The endpoint alone needs no library, and is of less than 10 MB")
    func endpointAlone() async throws {
        let programs = try await ChildProgram.run(["/usr/bin/env", "readelf", "-d", Self.endpoint])
        #expect(!programs.output.contains("NEEDED"), "\(programs)")
        let stripped = folder.path(of: "stripped")
        #expect(
            try await ChildProgram.run(["/usr/bin/env", "strip", "-o", stripped, Self.endpoint]).ending == .exited(0)
        )
        #expect(try FileManager.default.attributesOfItem(atPath: stripped)[.size] as? UInt64 ?? .max < 10_000_000)
    }

    @Test("psrun-endpoint says what it is, and refuses what it does not know")
    func commandLine() async throws {
        for (word, start) in [("--version", "psrun-endpoint "), ("--help", "Usage: psrun-endpoint")] {
            let outcome = try await ChildProgram.run([Self.endpoint, word])
            #expect(outcome.ending == .exited(0) && outcome.output.hasPrefix(start), "\(outcome)")
        }
        for (words, message) in [(["--sell"], "--sell is not an option"), (["--shell"], "--shell needs a value")] {
            let outcome = try await ChildProgram.run([Self.endpoint] + words)
            #expect(outcome.ending == .exited(2) && outcome.errors.contains(message), "\(outcome)")
        }
        let gone = try await ChildProgram.run([Self.endpoint])
        #expect(gone.ending == .exited(160), "\(gone)")
    }
}
