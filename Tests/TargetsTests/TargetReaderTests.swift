import Files
import Fleet
import PSRunCommandLine
import PSRunTestSupport
import Testing

@testable import Targets

@Suite("Targets that are named more than once")
struct TargetReaderTests {
    private func once(_ arguments: [String]) throws -> (targets: [String], duplicates: [TargetReader.Duplicate]) {
        guard case .run(let invocation) = try bind(arguments: ["p.ps1"] + arguments) else { return ([], []) }
        let read = try TargetReader.targets(of: invocation.targets, .standard).targets
        let (targets, duplicates) = TargetReader.once(read, invocation.targets)
        return (targets.map(\.name), duplicates)
    }

    private func hosts(_ names: String...) -> [String] { names.flatMap { ["--host", $0] } }

    @Test("One session is entered for a host, however it is spelled")
    func spellings() throws {
        let none = ["--ssh-config", "none"]
        #expect(try once(none + hosts("web[1-3,2]")).targets == ["web1", "web2", "web3"])
        let cases = try once(none + hosts("web1", "WEB1", "web1:22", "web2", "Web2"))
        #expect(cases.targets == ["web1", "web2"])
        #expect(cases.duplicates.map(\.name) == ["web1", "web2"] && cases.duplicates[0].others.count == 2)
        #expect(try once(none + ["-UserName", "op"] + hosts("op@web1", "web1")).targets == ["op@web1"])
        #expect(try once(none + hosts("op@web1", "root@web1", "web1:23", "web10")).targets.count == 4)
        #expect(try once(none + hosts("[::1]", "[0:0:0:0:0:0:0:1]", "[::0001]:22")).targets == ["[::1]"])
        #expect(try once(none + hosts("[fe80::1%eth0]", "[fe80::1%eth1]", "[FE80:0::1%eth0]")).targets.count == 2)
        #expect(try once(none + hosts("web1", "web2")).duplicates.isEmpty)
    }

    @Test("What the SSH configuration says of a host decides: its user and port, and the way there")
    func configured() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "Host web1\n User op\n Port 2222\nHost web2\n HostName web1\nHost far\n ProxyJump j\n",
            to: "config"
        )
        let configured = ["--ssh-config", file]
        #expect(
            try once(configured + hosts("web1", "op@web1", "op@web1:2222", "root@web1")).targets == [
                "web1", "root@web1",
            ]
        )
        #expect(try once(configured + hosts("web1", "web2")).targets == ["web1", "web2"])
    }

    @Test("Two names of one machine are one target, and both are told as they were written")
    func aliases() throws {
        let folder = try TemporaryFolder()
        let text = """
            Host m01 alias
             HostName 10.0.0.5
             User op
             IdentityFile ~/.ssh/one
            Host m02
             HostName 10.0.0.5
             User op
             IdentityFile ~/.ssh/other
            Host m03
             HostName 10.0.0.5
             User op
             Port 2222
            Host m04
             HostName 10.0.0.5
             User op
             ProxyJump gate

            """
        let configured = ["--ssh-config", try folder.write(text, to: "config")]
        let found = try once(configured + hosts("m01", "m02", "m03", "m04", "op@ALIAS", "op@10.0.0.5"))
        #expect(found.targets == ["m01", "m03", "m04"])
        #expect(
            found.duplicates.map(\.remark) == [
                "m01 is named more than once (m02, op@ALIAS, op@10.0.0.5): one session is entered"
            ]
        )
        let typed = try once(["--ssh-config", "none", "--user", "op"] + hosts("M01", "m01", "op@m01"))
        #expect(typed.targets == ["op@m01"])
        #expect(typed.duplicates.map(\.remark) == ["M01 is named more than once (m01, op@m01): one session is entered"])
        // Who gives many names one HostName by a pattern means as many targets.
        let pattern = ["--ssh-config", try folder.write("Host h*\n HostName 10.0.0.5\n", to: "pattern")]
        let many = try once(pattern + hosts("h[1-5]", "h2"))
        #expect(many.targets == ["h1", "h2", "h3", "h4", "h5"])
        #expect(
            many.duplicates.map(\.remark) == [
                "h2 is named more than once (h2): one session is entered",
                "h1 and others (h2, h3, h4…) lead to one machine, by a pattern of ssh_config: each is entered",
            ]
        )
        let inventory = try folder.write("a ansible_host=10.0.0.5\nb ansible_host=10.0.0.5\n", to: "fleet.ini")
        #expect(try once(["--ssh-config", "none", "-i", inventory]).targets == ["a"])
    }

    @Test("Where the configuration cannot be read, what was named decides")
    func unreadable() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("Port many\n", to: "config")
        #expect(try once(["--ssh-config", file] + hosts("web1", "WEB1:22", "op@web1")).targets == ["web1", "op@web1"])
    }
}
