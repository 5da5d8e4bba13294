import FoundationEssentials
import Glibc
import PSRunTestSupport

/// A virtual machine under software emulation, with psrun-endpoint on its channel (Tests/Peers/guest.sh), and a libvirt that
/// knows it: the test driver, which says where the channel's socket is. It ends with this value.
final class Guest: Sendable {
    /// What `make test` has built and fetched.
    private static let endpoint = PackageRoot.path + "/.build/endpoint/release/psrun-endpoint"
    private static let folder = PackageRoot.path + "/.build/guest"

    let place: Workplace
    let socket: String
    /// What names the machine to psrun.
    let target: [String]
    private let machine: ChildProgram

    init() async throws {
        guard access(Self.endpoint, X_OK) == 0 else {
            throw TestSupportError("`make endpoint` builds \(Self.endpoint)")
        }
        place = try Workplace()
        let script = "\(Peers.folder)/guest.sh"
        let fetched = try await ChildProgram.run(["/bin/sh", script, "fetch", Self.folder], within: 120)
        guard fetched.ending == .exited(0) else { throw TestSupportError("guest.sh fetch: \(fetched)") }
        socket = place.folder.path(of: "org.psrun.0")
        machine = try ChildProgram(["/bin/sh", script, "run", Self.folder, Self.endpoint, socket])
        for _ in 0..<1_000 where access(socket, F_OK) != 0 { try await Task.sleep(for: .milliseconds(10)) }
        let node = try place.folder.write(
            """
            <node><domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>
            <name>guest</name><uuid>6695eb01-f6a4-8304-79aa-97f2502e1932</uuid><memory>1024</memory>
            <test:runstate>1</test:runstate><os><type>hvm</type></os><devices><channel type='unix'>
            <source mode='bind' path='\(socket)'/><target type='virtio' name='org.psrun.0'/></channel></devices>
            </domain></node>
            """,
            to: "node.xml"
        )
        target = [
            "-VMName", "guest", "-Credential", "root", "--hypervisor", "test://\(node)", "--vm-transport", "channel",
            "--any-shell",
        ]
    }

    deinit {
        machine.signal(SIGKILL)
        _ = try? machine.wait(seconds: 5)
    }

    /// Runs lines in it.
    func run(_ lines: String, _ options: [String] = [], within seconds: Int = 60) async throws -> ProgramOutcome {
        try await place.psrun(
            ["-c", lines, "--format", "json", "--connecting-timeout", "\(seconds)s"] + target + options,
            within: 90
        )
    }
}
