import Foundation
import Glibc
import PSRunTestSupport
import Testing

/// Node sets and inventories, as a user gives them.
struct TargetsTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
    }

    private func targets(_ arguments: [String], _ variables: [String: String] = [:]) async throws -> ProgramOutcome {
        try await place.psrun(["targets"] + arguments, environment: variables)
    }

    @Test("Hosts, node sets and inventories are selected together, each once, and what -x names is left out")
    func together() async throws {
        let inventory = try place.folder.write("[db]\ndb[1:3] ansible_port=2222\n", to: "fleet.ini")
        let arguments = ["--host", "web1,op@mail", "-w", "web[1-3]", "-x", "web3,db2", "-i", inventory]
        let ended = try await targets(arguments)
        #expect(ended.output == "web1\nop@mail\nweb2\ndb1\ndb3\n", "\(ended)")
        #expect(ended.ending == .exited(0))
    }

    @Test("JSON tells each target's address, groups and variables, and no secret")
    func json() async throws {
        let text = """
            all:
              children:
                web:
                  hosts:
                    web[1:2]: {ansible_host: 10.0.0.7, ansible_user: op}
                  vars: {rack: 7, ansible_password: hidden}
            """
        let inventory = try place.folder.write(text, to: "fleet.yaml")
        let ended = try await targets(["-i", inventory, "--limit", "web:!web2", "--format", "json"])
        let json = try #require(try JSONSerialization.jsonObject(with: Data(ended.standardOutput)) as? [String: Any])
        #expect(json["count"] as? Int == 1 && json["fold"] as? String == "web1", "\(ended)")
        let target = try #require((json["targets"] as? [[String: Any]])?.first)
        #expect(target["address"] as? String == "10.0.0.7" && target["user"] as? String == "op", "\(ended)")
        #expect(target["groups"] as? [String] == ["web"], "\(ended)")
        #expect((target["variables"] as? [String: Any])?["rack"] as? Int == 7, "\(ended)")
        #expect(!ended.output.contains("hidden"))
    }

    @Test("Groups are those of ClusterShell's configuration")
    func groups() async throws {
        let folder = try place.folder.makeFolder("clustershell")
        try place.folder.write(
            "[Main]\ndefault: roles\n\n[roles]\nmap: echo $GROUP[1-2]\n",
            to: "clustershell/groups.conf"
        )
        let ended = try await targets(["-w", "@web,db1"], ["CLUSTERSHELL_CFGDIR": folder])
        #expect(ended.output == "db1\nweb1\nweb2\n", "\(ended)")
    }

    @Test(
        "What would lose a host, or take one that nobody named, is refused",
        arguments: [
            (["-w", "n1[8-11]"], "two readings"), (["-w", "@nosuch"], "no groups"), (["-w", "a", "-x", "a"], "-x"),
            (["-i", "h1,h2", "--limit", "h3"], "matches no host"), (["-i", "/nonexistent"], "/nonexistent"),
            (["-i", "x;id,"], "neither a host name"), (["-w", "a b"], "comma"),
            (["--limit", "a", "--host", "b"], "-i"),
        ]
    )
    func refused(arguments: [String], words: String) async throws {
        let ended = try await targets(arguments)
        #expect(ended.ending == .exited(2), "\(ended)")
        #expect(ended.errors.contains(words) && ended.output.isEmpty, "\(ended)")
    }

    @Test("A run enters the hosts of an inventory as it says: address, port, user and key")
    func run() async throws {
        let subsystem = try place.folder.wrapper(for: [BuiltProgram.path, "endpoint"])
        let server = try await SSHServer(subsystems: ["powershell": subsystem])
        let inventory = """
            [fleet]
            first ansible_host=127.0.0.1 ansible_port=\(server.port)
            here ansible_connection=local
            [fleet:vars]
            ansible_user=\(server.user)
            ansible_ssh_private_key_file=\(server.key)
            """
        let file = try place.folder.write(inventory, to: "fleet.ini")
        let known = ["-Options", "UserKnownHostsFile=\(server.knownHosts)"]
        let ended = try await place.psrun(["-c", "echo in", "-i", file, "--format", "json"] + known)
        let report = try ended.report()
        #expect(report.targets.map(\.target) == ["first", "here"], "\(ended)")
        #expect(report.targets.allSatisfy { $0.outcome == "ok" }, "\(ended)")
    }

    @Test(
        "What an inventory names reaches no shell and no other host",
        arguments: [
            "w ansible_host='$(id)'", "w ansible_host=-oA=b", "w ansible_host=../etc", "w ansible_host=op@10.0.0.1",
            "w ansible_host=10.0.0.1:2222", "w ansible_user='x;id'", "w ansible_user=-l", "w ansible_user='a b'",
            "w\0evil ansible_host=127.0.0.1",
        ]
    )
    func unsafe(line: String) async throws {
        let file = try place.folder.write("\(line)\n", to: "fleet.ini")
        let ended = try await targets(["-i", file])
        #expect(ended.ending == .exited(2) && ended.output.isEmpty, "\(ended)")
    }

    @Test("No error and no list shows what an inventory keeps secret")
    func secrets() async throws {
        let lines = [
            "w ansible_password=\"hidden", "[all:vars]\nansible_password hidden", "w ansible_password=a hidden",
        ]
        for line in lines {
            let file = try place.folder.write("\(line)\n", to: "fleet.ini")
            let ended = try await targets(["-i", file])
            #expect(ended.ending == .exited(2) && !ended.errors.contains("hidden"), "\(ended)")
        }
        let text = "all: {hosts: {w: {db: {password: hidden}, keys: [{token: hidden}], url: 'https://u:hidden@h/'}}}\n"
        let file = try place.folder.write(text, to: "fleet.yaml")
        let ended = try await targets(["-i", file, "--format", "json"])
        #expect(ended.ending == .exited(0) && !ended.output.contains("hidden"), "\(ended)")
    }

    @Test("What Tab offers is plain, bounded and never an error")
    func candidates() async throws {
        let folder = try place.folder.makeFolder("clustershell")
        try place.folder.makeFolder("clustershell/auto")
        try place.folder.write("[Main]\nautodir: $CFGDIR/auto\n", to: "clustershell/groups.conf")
        try place.folder.write("roles:\n    web: 'web[1-2],odd$(id)'\n", to: "clustershell/auto/g.yaml")
        let home = try place.folder.makeFolder("other-home")
        try place.folder.makeFolder("other-home/.ssh")
        let config = "Host gate\n User op\nHost *.example !x db?\nInclude more\n"
        try place.folder.write(config, to: "other-home/.ssh/config", mode: 0o600)
        try place.folder.write("Host inner\n", to: "other-home/.ssh/more", mode: 0o600)
        let variables = ["CLUSTERSHELL_CFGDIR": folder, "HOME": home]
        let hosts = try await place.psrun(["completions", "hosts"], environment: variables)
        let found = hosts.output.split(separator: "\n").map(String.init)
        #expect(Set(["gate", "inner", "web1", "web2"]).isSubset(of: found), "\(hosts)")
        #expect(!found.contains { $0.contains { "*?!$( ".contains($0) } }, "\(hosts)")
        try place.folder.write("broken", to: "clustershell/groups.conf")
        let broken = try await place.psrun(["completions", "hosts"], environment: variables)
        #expect(broken.ending == .exited(0) && broken.errors.isEmpty && broken.output.contains("gate"), "\(broken)")
        let none = try await place.psrun(["completions", "runs"], environment: variables)
        #expect(none.ending == .exited(0) && none.errors.isEmpty && none.output.isEmpty, "\(none)")
        _ = try await place.psrun([try place.playbook("true\n", named: "p.sh")])
        let runs = try await place.psrun(["completions", "runs"])
        #expect(runs.output.split(separator: "\n").count == 1 && runs.output.contains("-p-"), "\(runs)")
    }

    @Test("A groups.conf that anybody may change runs no command")
    func openGroups() async throws {
        let folder = try place.folder.makeFolder("clustershell")
        let mark = place.folder.path(of: "mark")
        let file = try place.folder.write("[r]\nmap: touch \(mark); echo web1\n", to: "clustershell/groups.conf")
        chmod(file, 0o666)
        let ended = try await targets(["-w", "@a"], ["CLUSTERSHELL_CFGDIR": folder])
        #expect(ended.ending == .exited(2) && ended.errors.contains("\(file) (mode 666)"), "\(ended)")
        #expect(access(mark, F_OK) != 0)
    }

    @Test("A command of groups tells a node's groups, and its failure shows no secret")
    func reverse() async throws {
        let folder = try place.folder.makeFolder("clustershell")
        let lines =
            "[r]\nmap: echo $GROUP[1-2]\nreverse: echo back-$NODE\n[bad]\nmap: TOKEN=hidden false hidden; exit 3\n"
        try place.folder.write(lines, to: "clustershell/groups.conf")
        let ended = try await targets(["-w", "@web,db1", "--format", "json"], ["CLUSTERSHELL_CFGDIR": folder])
        let json = try #require(try JSONSerialization.jsonObject(with: Data(ended.standardOutput)) as? [String: Any])
        let groups = (json["targets"] as? [[String: Any]])?.compactMap { $0["groups"] as? [String] }
        #expect(groups == [["r:back-db1"], ["r:back-web1", "r:web"], ["r:back-web2", "r:web"]], "\(ended)")
        let bad = try await targets(["-w", "@bad:a"], ["CLUSTERSHELL_CFGDIR": folder])
        #expect(bad.ending == .exited(2) && !bad.errors.contains("hidden"), "\(bad)")
        #expect(bad.errors.contains("exit code 3") && bad.errors.contains("(false)"), "\(bad)")
    }

    @Test("An inventory may come from a pipe")
    func pipe() async throws {
        let words = ["/bin/bash", "-c", "exec '\(BuiltProgram.path)' targets -i <(echo web1; echo web2)"]
        let ended = try await ChildProgram.run(words, environment: place.environment())
        #expect(ended.output == "web1\nweb2\n", "\(ended)")
    }

    @Test("A private key in place of an inventory is told with the option that takes it")
    func key() async throws {
        let server = try await SSHServer(subsystems: [:])
        let ended = try await targets(["--host", "web1", "-i", server.key])
        #expect(ended.ending == .exited(2) && ended.errors.contains("--key-file"), "\(ended)")
    }
}
