import Glibc
import PSRunTestSupport

/// Containers of rootless podman, which end with this value. They have busybox, and nothing that speaks PSRP.
///
/// Where the tests run as root, podman runs as nobody: it maps that one user, and needs no other.
final class PodmanSite: Sendable {
    let place: Workplace
    private let folder: TemporaryFolder
    /// What psrun finds as podman: it says where the containers are.
    private let programs: String

    init() async throws {
        place = try Workplace()
        folder = try TemporaryFolder()
        programs = try place.folder.makeFolder("programs", mode: 0o755)
        let user = "setpriv --reuid nobody --regid nogroup --clear-groups --inh-caps=-all"
        try place.folder.write(
            """
            #!/bin/sh
            export HOME=\(folder.path) XDG_RUNTIME_DIR=\(folder.path)/runtime
            exec \(getuid() == 0 ? user : "") /usr/bin/podman --root \(folder.path)/root --runroot \(folder.path)/run \\
                --runtime runc --cgroup-manager cgroupfs --storage-driver vfs "$@"

            """,
            to: "programs/podman",
            mode: 0o755
        )
        try await shell(
            """
            cd \(folder.path) && chmod 755 . && mkdir -m 700 runtime && mkdir -p image/bin image/etc image/tmp
            cp /bin/busybox image/bin
            for name in $(/bin/busybox --list); do [ $name = busybox ] || ln -s busybox image/bin/$name; done
            echo root:x:0:0:root:/:/bin/sh >image/etc/passwd
            tar -C image -cf image.tar . && rm -r image
            [ $(id -u) -ne 0 ] || chown -R nobody:nogroup .
            """
        )
        try await podman("import", "\(folder.path)/image.tar", "test/image:1")
    }

    deinit {
        _ = try? SiteEnd.end("\(programs)/podman", folder.path)
    }

    /// What psrun is to have in its environment.
    var environment: [String: String] {
        ["PATH": programs + ":" + (getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin")]
    }

    /// Runs podman.
    @discardableResult
    func podman(_ arguments: String...) async throws -> String {
        let outcome = try await ChildProgram.run(["\(programs)/podman"] + arguments, within: 60)
        guard outcome.ending == .exited(0) else { throw TestSupportError("podman \(arguments): \(outcome)") }
        return outcome.output
    }

    /// Starts a container that does nothing.
    /// - Returns: its id.
    @discardableResult
    func start(_ name: String, _ options: [String] = []) async throws -> String {
        // The limits are given since not every machine may raise them.
        let arguments =
            ["run", "--detach", "--name", name, "--network", "none", "--ulimit", "nofile=1024:1024"]
            + ["--ulimit", "nproc=4096:4096"] + options + ["test/image:1", "/bin/sleep", "600"]
        let outcome = try await ChildProgram.run(["\(programs)/podman"] + arguments, within: 60)
        guard outcome.ending == .exited(0) else { throw TestSupportError("podman run: \(outcome)") }
        return String(outcome.output.dropLast())
    }

    /// What runs in a container beside what it was started with: living processes, an executable and its arguments each.
    func processes(in name: String) async throws -> [String] {
        let listed = try await podman("exec", name, "ps", "-o", "pid,stat,args")
        return listed.split(separator: "\n").dropFirst().map { String($0) }
            .filter { !$0.contains(" Z") && !$0.contains("ps -o pid") && !$0.contains("/bin/sleep 600") }
    }

    private func shell(_ script: String) async throws {
        let outcome = try await ChildProgram.run(["/bin/sh", "-ec", script], within: 60)
        guard outcome.ending == .exited(0) else { throw TestSupportError("\(outcome)") }
    }
}

private enum SiteEnd {
    static func end(_ podman: String, _ folder: String) throws {
        let script = "\(podman) rm --all --force --time 0 >/dev/null 2>&1; rm -rf \(folder)/root \(folder)/run"
        _ = try ChildProgram(["/bin/sh", "-c", script]).wait(seconds: 30)
    }
}
