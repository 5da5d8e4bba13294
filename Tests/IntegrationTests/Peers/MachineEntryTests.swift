import Glibc
import PSRunTestSupport
import Testing

/// `-VMName`, `-VMId`: a machine of libvirt's test driver, whose address is one of this computer's.
struct MachineEntryTests {
    private static let id = "6695eb01-f6a4-8304-79aa-97f2502e1930"
    private let place: Workplace
    private let server: SSHServer
    /// What names libvirt and SSH's files.
    private let options: [String]

    init() async throws {
        place = try Workplace()
        // The test driver's leases follow its network's first address.
        server = try await SSHServer(
            subsystems: ["powershell": "\(BuiltProgram.path) endpoint"],
            settings: ["ListenAddress 127.0.0.3"]
        )
        let domains = [("web", Self.id, "1"), ("idle", "6695eb01-f6a4-8304-79aa-97f2502e1931", "5")].map { domain in
            """
            <domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>
            <name>\(domain.0)</name><uuid>\(domain.1)</uuid><memory>1024</memory>
            <test:runstate>\(domain.2)</test:runstate><os><type>hvm</type></os><devices>
            <interface type='network'><mac address='aa:bb:cc:dd:ee:01'/><source network='loop'/></interface>
            </devices></domain>
            """
        }
        let node = try place.folder.write(
            """
            <node><network><name>loop</name><uuid>00000000-0000-4000-8000-0000000000aa</uuid><forward mode='nat'/>
            <bridge name='loop0'/><ip address='127.0.0.1' netmask='255.255.255.0'>
            <dhcp><range start='127.0.0.2' end='127.0.0.254'/></dhcp></ip></network>
            \(domains.joined())</node>
            """,
            to: "node.xml"
        )
        // Its host key is known by its name alone.
        let known = try place.folder.write("web \(server.hostKey)\n\(Self.id) \(server.hostKey)\n", to: "known")
        let configuration = try place.folder.write(
            """
            Host web \(Self.id)
              Port \(server.port)
              IdentityFile \(server.key)
              UserKnownHostsFile \(known)
              GlobalKnownHostsFile /dev/null

            """,
            to: "ssh_config"
        )
        options = ["--hypervisor", "test://\(node)", "--ssh-config", configuration, "--any-shell", "--format", "json"]
    }

    @Test("A virtual machine is entered by its name or its UUID, over SSH, at the address that libvirt knows")
    func entered() async throws {
        for (option, name, label) in [
            ("-VMName", "web", "web"), ("-VMId", "{\(Self.id.uppercased())}", Self.id), ("-VMGuid", Self.id, Self.id),
        ] {
            let outcome = try await place.psrun(
                ["-c", "echo in; exit 3", option, name, "-Credential", server.user] + options
            )
            let target = try outcome.onlyTarget()
            #expect(target.target == "vm:\(label)" && target.exitCode == 3, "\(outcome)")
            for phase in ["libvirt", "domain", "address", "tcp", "auth", "psrp_open"] {
                #expect(target.phasesUs[phase] != nil, "\(phase)")
            }
        }
        let again = try await place.psrun(["rerun", "last", "--format", "json"])
        #expect(try again.onlyTarget().exitCode == 3, "\(again)")
    }

    @Test("What is wrong with a virtual machine is told by name, and its parameters are PowerShell's")
    func refused() async throws {
        for (name, code, phase) in [
            ("nosuch", "VMUnknown", "domain"), ("1", "VMUnknown", "domain"), ("idle", "VMNotRunning", "domain"),
        ] {
            let outcome = try await place.psrun(["-c", "echo", "-VMName", name, "-Credential", "op"] + options)
            #expect(outcome.ending == .exited(4), "\(outcome)")
            let target = try outcome.onlyTarget()
            #expect(target.error?.code == code && target.phase == phase, "\(outcome)")
        }
        let without = try await place.psrun(["-c", "echo", "-VMName", "web"] + options)
        #expect(without.ending == .exited(2) && without.errors.contains("needs -Credential"), "\(without)")
        let both = try await place.psrun(
            ["-c", "echo", "-VMName", "web", "-Credential", "op", "--host", "a"] + options
        )
        #expect(both.ending == .exited(2) && both.errors.contains("cannot be used together"), "\(both)")
    }

    @Test("A session in a virtual machine stays open")
    func kept() async throws {
        let kept = try KeptPlace()
        let options = Array(options.prefix(4))
        for (name, option, value) in [("one", "-VMName", "web"), ("two", "-VMId", Self.id)] {
            let opened = try await kept.place.psrun(
                ["session", "open", name, option, value, "-Credential", server.user] + options,
                environment: kept.environment
            )
            #expect(opened.ending == .exited(0), "\(opened)")
            _ = try await kept.run("x=7", in: ["-Name", name])
            #expect(try await kept.run("echo $x", in: ["-Name", name]).steps.first?.output == "7\n")
        }
        #expect(try await kept.sessions().map(\.target) == ["vm:web", "vm:\(Self.id)"])
    }

    @Test("A password in libvirt's address is in no message, result or recording")
    func password() async throws {
        let secret = "hunter2-and-more"
        let address = "esx://op:\(secret)@127.0.0.1:1/?no_verify=1"
        let target = ["-VMName", "web", "-Credential", "op", "--hypervisor", address, "--any-shell"]
        let dry = try await place.psrun(["-c", "echo", "--dry-run", "-Verbose"] + target)
        let outcome = try await place.psrun(["-c", "echo", "--format", "json", "-Verbose"] + target)
        #expect(try outcome.onlyTarget().error?.code == "LibvirtFailed", "\(outcome)")
        let shown = try await place.psrun(["show", "last", "--format", "json"])
        let exported = try await place.psrun(["export", "last", "--as", "jsonl"])
        for words in [dry, outcome, shown, exported] {
            #expect(!words.output.contains(secret) && !words.errors.contains(secret), "\(words)")
        }
        let files = try await ChildProgram.run(
            ["/bin/sh", "-c", "find \(place.recordings) -type f -exec sh -c 'zstdcat -f \"$1\" 2>/dev/null' _ {} \\;"]
        )
        #expect(files.output.contains("[redacted:password]") && !files.output.contains(secret), "\(files)")
        // What is not there any more cannot be connected to.
        let again = try await place.psrun(["rerun", "last"])
        #expect(again.ending == .exited(2) && again.errors.contains("a secret was replaced"), "\(again)")
    }

    @Test("A program that libvirt starts does not outlive psrun", arguments: [SIGTERM, nil])
    func program(signal: Int32?) async throws {
        let told = place.folder.path(of: "told")
        let script = try place.folder.write(
            "#!/bin/sh\ntrap '' TERM HUP PIPE\necho $$ >\(told)\nwhile :; do sleep 1; done\n",
            to: "hang",
            mode: 0o755
        )
        let run = try place.start(
            ["-c", "echo", "-VMName", "web", "-Credential", "op", "--connecting-timeout", signal == nil ? "2s" : "60s"]
                + ["--hypervisor", "qemu+ext:///system?command=\(script)", "--any-shell"]
        )
        var process: Int32?
        for _ in 0..<1_500 where process == nil {
            try await Task.sleep(for: .milliseconds(10))
            process = (try? text(of: told)).flatMap { Int32($0.dropLast()) }
        }
        let started = try #require(process)
        if let signal { run.signal(signal) }
        let outcome = try await run.outcome()
        #expect(outcome.ending == .exited(signal == nil ? 4 : 143), "\(outcome)")
        for _ in 0..<500 where kill(started, 0) == 0 { try await Task.sleep(for: .milliseconds(10)) }
        #expect(kill(started, 0) != 0)
    }
}
