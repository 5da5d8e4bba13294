import Files
import PSRunCommandLine
import PSRunTestSupport
import Testing

@testable import Targets

@Suite("What -x takes away")
struct HostExclusionTests {
    private let folder: TemporaryFolder
    private let inventory: String
    private let config: String

    init() throws {
        folder = try TemporaryFolder()
        inventory = try folder.write(
            "web1 ansible_host=10.0.0.1\nweb2 ansible_host=10.0.0.2 ansible_user=op ansible_port=2222\n",
            to: "fleet.ini"
        )
        config = try folder.write("Host a1 a2\n HostName 10.0.0.5\n User op\n", to: "config")
    }

    /// The names that are left, or the error.
    private func left(_ arguments: [String]) throws -> [String] {
        let all = arguments.map { $0 == "INVENTORY" ? inventory : $0 == "CONFIG" ? config : $0 }
        let none = all.contains("--ssh-config") ? [] : ["--ssh-config", "none"]
        guard case .run(let invocation) = try bind(arguments: ["p.ps1"] + none + all) else { return [] }
        do throws(CommandFailure) {
            return try TargetReader.targets(of: invocation.targets, .standard).targets.map(\.name)
        } catch {
            return ["refused", error.message]
        }
    }

    @Test(
        "A host that is surely the one that was excluded is left out",
        arguments: [
            (["--host", "web1,web2", "-x", "WEB1"], ["web2"]), (["--host", "WEB1,web2", "-x", "web1"], ["web2"]),
            (["--host", "op@web1:2222,web2", "-x", "web1"], ["web2"]),
            (["--host", "web1,web2", "-x", "web1:22"], ["web2"]),
            (["--host", "web1,web2", "--user", "op", "-x", "op@web1"], ["op@web2"]),
            (["--host", "op@web1,root@web1", "-x", "root@web1"], ["op@web1"]),
            (["--host", "web1,[::1]", "-x", "0:0:0:0:0:0:0:1"], ["web1"]),
            (["-i", "INVENTORY", "-x", "WEB1"], ["web2"]),
            (["-i", "INVENTORY", "-x", "op@web2:2222"], ["web1"]),
            (["--ssh-config", "CONFIG", "--host", "a1,b", "-x", "op@a1:22"], ["b"]),
            (["--host", "a", "-w", "web[1-3]", "-x", "web2"], ["a", "web1", "web3"]),
            (["-w", "web[1-3]", "-x", "web9"], ["web1", "web2", "web3"]),
        ]
    )
    func surely(arguments: [String], names: [String]) throws {
        #expect(try left(arguments) == names)
    }

    @Test(
        "An exclusion that takes nothing away, or not the host that it is near, is refused by name",
        arguments: [
            (["--host", "op@web1:2222", "-x", "op@web1"], "op@web1:2222"),
            (["--host", "op@web1", "-x", "root@web1"], "op@web1"),
            (["--host", "web1:2222", "-x", "web1:22"], "web1:2222"),
            (["--host", "web1,web2", "-x", "wbe1"], "the selected hosts are web1, web2"),
            (["-i", "INVENTORY", "-x", "10.0.0.1"], "web1"), (["-i", "INVENTORY", "-x", "op@web2"], "web2"),
            // The address is taken away under one name, and stays under the other.
            (["--host", "10.0.0.1", "-i", "INVENTORY", "-x", "10.0.0.1"], "web1"),
            (["--ssh-config", "CONFIG", "--host", "a1,b", "-x", "a2"], "a1"),
            (["--ssh-config", "CONFIG", "--host", "a1,b", "-x", "10.0.0.5"], "a1"),
        ]
    )
    func near(arguments: [String], named: String) throws {
        let refusal = try left(arguments)
        #expect(refusal.first == "refused" && refusal.last?.contains(named) == true, "\(refusal)")
    }

    @Test("Hosts of an inventory are selected whatever their way in, unless they are left out")
    func allWays() throws {
        let text = """
            [web]
            web[1:2]
            [other]
            d[1:2] ansible_connection=docker
            p1 ansible_connection=containers.podman.podman
            w1 ansible_connection=winrm
            w2 ansible_connection=psrp

            """
        let fleet = try folder.write(text, to: "mixed.ini")
        #expect(Set(try left(["-i", fleet])) == ["web1", "web2", "d1", "d2", "p1", "w1", "w2"])
        #expect(try left(["-i", fleet, "-x", "d[1-2],p1,w[1-2]"]) == ["web1", "web2"])
        #expect(try left(["-i", fleet, "--limit", "web"]) == ["web1", "web2"])
    }
}
