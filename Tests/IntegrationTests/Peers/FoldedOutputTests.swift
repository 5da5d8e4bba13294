import PSRunTestSupport
import Testing

/// What a run of several targets prints, and says last.
struct FoldedOutputTests {
    @Test("Equal output stands once, a host's own name parts none, and the labels paste back into -w")
    func folded() async throws {
        let site = try await FleetSite()
        let playbook = try site.place.playbook(
            "echo \"$NAME is up\"\ntrue\ntest \"$USE\" -lt 90 && echo room || (echo full; false)\n",
            named: "p.sh"
        )
        let all = ["-w", "web[01-03],db[01-03]"]
        let run = try await site.run(playbook, [], all)
        #expect(run.ending == .exited(5))
        #expect(
            run.output == """
                === line 1: echo "$NAME is up"
                --- web[01-03] (3): as on web01
                web01 is up
                === line 3: test "$USE" -lt 90 && echo room || (echo full; false)
                --- web[01-02] (2)
                room
                --- web03: error, exit code 1
                full

                """,
            "\(run)"
        )
        let words = run.errors.split(separator: "\n").map(String.init)
        #expect(words.dropFirst().first == "psrun: 6 targets: 2 ok, 1 error, 3 unreachable", "\(run)")
        #expect(
            words[2].hasPrefix("psrun: db[01-03]: refused, phase tcp, 3 lines not sent; on db01: cannot "),
            "\(run)"
        )
        #expect(words[3].hasPrefix("psrun: web03: line 3, exit code 1: test "), "\(run)")
        #expect(words.count == 7 && words[4] == "psrun: next:", "\(run)")
        let again = try await site.run(playbook, [], ["-w", "web[01-02]"])
        #expect(again.output.contains("--- web[01-02] (2): as on web01\n") && again.errors.hasSuffix(": 2 ok\n"))
        let pasted = try await site.place.psrun(["targets", "-w", "db[01-03]"])
        #expect(pasted.output == "db01\ndb02\ndb03\n")
    }

    @Test("Colours stay where they are wanted, and end with the text that has them")
    func colours() async throws {
        let site = try await FleetSite()
        let playbook = try site.place.playbook("printf '\\033[31mred on %s' $NAME\n", named: "p.sh")
        let plain = try await site.run(playbook, ["web01", "web02"])
        #expect(plain.output.contains("--- web[01-02] (2): as on web01\nred on web01\n"), "\(plain)")
        let colored = try await site.run(playbook, ["web01", "web02"], ["--color", "always"])
        #expect(colored.output.contains("(2): as on web01\n\u{1B}[31mred on web01\n\u{1B}[0m"), "\(colored)")
    }

    @Test("With --live each line comes as it comes behind its target's name, and the end is told all the same")
    func live() async throws {
        let site = try await FleetSite()
        let playbook = try site.place.playbook("echo \"$NAME is up\"\nprintf half\n", named: "p.sh")
        let run = try await site.run(playbook, ["web01", "web02", "db01"], ["--live"])
        let lines = run.output.split(separator: "\n")
        #expect(lines.allSatisfy { $0.hasPrefix("web01: ") || $0.hasPrefix("web02: ") }, "\(run)")
        for line in ["web01: web01 is up", "web02: web02 is up", "web01: half", "web02: half"] {
            #expect(lines.contains(line[...]), "\(run)")
        }
        #expect(run.errors.contains("psrun: 3 targets: 2 ok, 1 unreachable\n"), "\(run)")
        let wrong = try await site.run(playbook, ["web01"], ["--live", "--format", "json"])
        #expect(wrong.ending == .exited(2) && wrong.errors.contains("--live prints text as it comes"), "\(wrong)")
    }
}
