import Glibc
import PSRunTestSupport
import Testing

/// `--vm-transport channel`: a real virtio channel, in a guest under QEMU's software emulation.
struct MachineGuestTests {
    @Test(
        "Sessions come one after the other over one channel, whatever became of the one before",
        .timeLimit(.minutes(3))
    )
    func sessions() async throws {
        let guest = try await Guest()
        // psrun comes before the guest has started.
        let first = try await guest.run("x=5; cd /tmp; uname -n; id -un; ls /dev/vport*; exit 3")
        let target = try first.onlyTarget()
        #expect(target.target == "vm:guest" && target.exitCode == 3, "\(first)")
        #expect(target.steps.first?.output == "guest\nroot\n/dev/vport0p1\n", "\(first)")
        for phase in ["libvirt", "domain", "virtio", "psrp_open"] { #expect(target.phasesUs[phase] != nil, "\(phase)") }

        // Nothing is left of it, in the shell or of processes.
        let look = "echo \"<$x>\"; pwd; ps | grep -c -e '[s]leep 300' -e ' [y]es'"
        #expect(try await guest.run(look).onlyTarget().steps.first?.output == "<>\n/\n0\n")

        // A client that is killed in a flood leaves what nobody hears.
        for _ in 0..<3 {
            let killed = try guest.place.start(["-c", "sleep 300 & yes"] + guest.target)
            try await Task.sleep(for: .milliseconds(1_500))
            killed.signal(SIGKILL)
            _ = try await killed.outcome()
            let next = try await guest.run(look)
            #expect(try next.onlyTarget().steps.first?.output == "<>\n/\n0\n", "\(next)")
        }

        // A line is stopped there, and its session goes on.
        let stopped = try await guest.run("sleep 60", ["--step-timeout", "1s"])
        #expect(stopped.ending == .exited(124), "\(stopped)")

        // As many bytes as are asked for.
        let large = try await guest.run(
            "head -c 3000000 /dev/zero | tr '\\0' x | fold -w 1000 | cksum; seq 100000 | tail -n 1"
        )
        #expect(try large.onlyTarget().steps.first?.output?.hasSuffix("100000\n") == true, "\(large)")

        // An independent client needs no greeting: that the one before it has hung up is told.
        let relay = ["process", Peers.python, "\(Peers.folder)/unix_stream.py", guest.socket]
        for _ in 0..<2 {
            let line = #"[{"script": "echo \"<$x>\"; x=7", "show": true}]"#
            let steps = try await PypsrpAnswer.run(line, arguments: relay)
            #expect(steps.first?.shown == "<>\n", "\(steps)")
        }
        #expect(try await guest.run("echo last").onlyTarget().steps.first?.output == "last\n")
    }

    @Test("One client is in at a time: another one's clock runs out, and it is told why", .timeLimit(.minutes(3)))
    func oneAtATime() async throws {
        let guest = try await Guest()
        let first = try guest.place.start(["-c", "echo in; sleep 8", "--connecting-timeout", "60s"] + guest.target)
        defer { first.signal(SIGKILL) }
        for _ in 0..<3_000 where try !first.outputSoFar().contains("in\n") {
            try await Task.sleep(for: .milliseconds(10))
        }
        let second = try await guest.run("echo in", within: 2)
        let error = try #require(second.onlyTarget().error)
        #expect(error.code == "ConnectingTimeout" && second.ending == .exited(4), "\(second)")
        #expect(error.message.contains("in phase virtio") && error.message.contains("somebody else may be in it"))
        // It has its turn once the other one has left.
        #expect(try await guest.run("echo in", within: 30).onlyTarget().steps.first?.output == "in\n")
        #expect(try await first.outcome().ending == .exited(0))
    }

    @Test("An endpoint that runs as another user than was asked for is not entered", .timeLimit(.minutes(3)))
    func otherUser() async throws {
        let guest = try await Guest()
        let options = guest.target.map { $0 == "root" ? "op" : $0 }
        let outcome = try await guest.place.psrun(["-c", "echo in", "--connecting-timeout", "60s"] + options)
        #expect(outcome.ending == .exited(4), "\(outcome)")
        #expect(outcome.errors.contains("runs as root, and not as op"), "\(outcome)")
    }
}
