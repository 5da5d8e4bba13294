import Configuration
import ConfigurationFiles
import Files
import Fleet
import PSRunCommandLine
import PSRunTestSupport
import SSHTransport
import Targets
import Testing

/// Hosts with settings of their own.
struct HostKindsTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func selection(_ arguments: [String], _ text: String) throws -> TargetReader.Selection {
        let reader = ConfigurationReader(.user, path: "/c.yaml", isTrusted: false) { $0 }
        let layer = try reader.read(try ConfigurationNode.read(Array(text.utf8), path: "/c.yaml"))
        guard case .open(let reading) = try readCommandLine(["x.ps1"] + arguments) else {
            throw TestSupportError("nothing is open")
        }
        let settings = HostSettings(ConfiguredSettings([layer]), reading, isInteractive: false)
        guard case .run(let run) = try reading.finish(with: settings.general.map(\.forReading)) else {
            throw TestSupportError("not a run")
        }
        return try TargetReader.targets(
            of: run.targets,
            .standard,
            environment: ["CLUSTERSHELL_CFGDIR": folder.path, "HOME": folder.path],
            settings: settings
        )
    }

    private func place(_ selected: SelectedTarget) throws -> (user: String?, port: UInt16?, key: String?, own: String?)
    {
        guard case .ssh(let place) = selected.target.place else { throw TestSupportError(selected.name) }
        return (place.user, place.port, place.keyFile, place.own?.keyFile)
    }

    @Test("Hosts of the same groups are of one kind; others have what the run has")
    func kinds() throws {
        let read = try selection(
            ["--host", "web01,web02,db1,op@web03:7,mail"],
            "user: all\nhosts:\n  web*: {user: deploy, port: 2222, key-file: /k}\n  db1: {step-timeout: 5s}\n"
        )
        #expect(read.targets.map(\.target.kind) == [1, 1, 2, 1, 0])
        let names = ["deploy@web01:2222", "deploy@web02:2222", "all@db1", "op@web03:7", "all@mail"]
        #expect(read.targets.map(\.name) == names)
        #expect(read.kinds.map(\.run.limits.step) == [nil, .seconds(5)])
        #expect(try place(read.targets[0]) == ("deploy", 2222, nil, "/k"))
        #expect(try place(read.targets[4]) == ("all", nil, nil, nil))
    }

    @Test("What an inventory says of a host goes before the configuration, whose groups are the inventory's")
    func inventory() throws {
        let text = "[web]\na ansible_user=own ansible_ssh_private_key_file=/own\nb\n[db]\nc\n"
        let read = try selection(
            ["-i", try folder.write(text, to: "i.ini")],
            "hosts:\n  '@web': {user: deploy, key-file: /k}\n  '@db,!c': {user: no}\n"
        )
        #expect(read.targets.map(\.target.kind) == [1, 1, 0])
        #expect(try place(read.targets[0]) == ("own", nil, "/own", "/k"))
        #expect(try place(read.targets[1]) == ("deploy", nil, nil, "/k"))
        #expect(try place(read.targets[2]) == (nil, nil, nil, nil))
    }

    @Test("A group of ClusterShell's holds hosts that are named by --host or -w; one that is not there holds none")
    func nodeGroups() throws {
        try folder.write("[Main]\ndefault: here\n[here]\nmap: echo n[1-3]\nlist: echo web\n", to: "groups.conf")
        let text = "hosts:\n  '@web': {user: deploy}\n  '@nowhere': {user: no}\n"
        #expect(try selection(["--host", "n2,n4"], text).targets.map(\.name) == ["deploy@n2", "n4"])
        #expect(try selection(["-w", "n[3-4]"], text).targets.map(\.name) == ["deploy@n3", "n4"])
    }

    @Test("A session on this computer is localhost to the patterns")
    func local() throws {
        let read = try selection([], "hosts: {localhost: {step-timeout: 5s}}\n")
        #expect(read.targets.map(\.target.kind) == [1])
        #expect(read.kinds.first?.run.limits.step == .seconds(5))
    }

    @Test("Ten thousand hosts of a few kinds are sorted out quickly")
    func many() throws {
        let groups = (0..<40).map { "  'h[\($0 * 250)-\($0 * 250 + 249)]': {port: \($0 + 1)}\n" }.joined()
        let read = try selection(["--host", "h[0-9999]"], "hosts:\n" + groups)
        #expect(read.targets.count == 10_000 && read.kinds.count == 40)
        #expect(try place(read.targets[9_999]).port == 40)
    }
}
