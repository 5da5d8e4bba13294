import PSRunTestSupport
import Testing

/// What a run of several targets says of itself: two that go well, one that stops at a check, one that nobody listens at.
struct SeveralTargetsTests {
    private static let guarded = "set -e\nu=$USE\ntest \"$u\" -lt 90\necho deploying\n"

    @Test("What stops at a check is not well in every form: text, list, show, JSON, JUnit, Markdown, HTML")
    func stoppedAtACheck() async throws {
        let site = try await FleetSite()
        let playbook = try site.place.playbook(Self.guarded, named: "guard.sh")
        let hosts = ["web01", "web02", "web03"]
        let text = try await site.run(playbook, hosts)
        #expect(text.ending == .exited(1))
        #expect(
            text.output == """
                === line 3: test "$u" -lt 90
                --- web[01-02] (2): no output
                --- web03: error, asked for exit code 1, no output
                === line 4: echo deploying
                --- web[01-02] (2)
                deploying

                """,
            "\(text)"
        )
        let words = text.errors.split(separator: "\n")
        #expect(words.count == 6 && words[1] == "psrun: 3 targets: 2 ok, 1 error", "\(text)")
        #expect(
            words[2] == "psrun: web03: line 3, asked for exit code 1, 1 line not sent: test \"$u\" -lt 90",
            "\(text)"
        )
        let run = try #require(words[0].split(separator: "/").last)
        #expect(
            words.suffix(3) == ["psrun: next:", "  psrun show \(run) --host web03", "  psrun rerun \(run) --failed"],
            "\(text)"
        )

        let list = try await site.place.psrun(["list"])
        let row = try #require(list.output.split(separator: "\n").last).split(separator: " ")
        #expect(row[2...4] == ["3", "2", "1"] && row.suffix(2) == ["1", "error"], "\(list)")
        let shown = try await site.last("show")
        #expect(!shown.output.contains("web03: ok") && shown.output.contains(", exit 1, 1 line not sent\n"), "\(shown)")
        #expect(shown.output.contains("Targets    3: 1 error, 2 ok\n"), "\(shown)")
        let junit = try await site.last("export", "--as", "junit")
        #expect(junit.output.split(separator: "<failure ").count == 2, "\(junit)")
        let markdown = try await site.last("export", "--as", "markdown")
        #expect(markdown.output.contains("- Targets: `1 error, 2 ok`\n"), "\(markdown)")
        #expect(markdown.output.contains("| `web03` | `error, exit 1, 1 line not sent` |"), "\(markdown)")
        let page = try await site.last("export", "--as", "html")
        #expect(page.output.contains("<span class=\"badge bad\">error, exit 1, 1 line not sent</span>"))
        let transcript = try await site.last("export", "--as", "transcript", "--host", "web03")
        #expect(
            transcript.output.contains("psrun: web03: line 3 ended the session with exit code 1\n"),
            "\(transcript)"
        )

        for document in [
            try await site.run(playbook, hosts, ["--format", "json"]), try await site.last("show", "--format", "json"),
        ] {
            let targets = try document.report().targets
            #expect(targets.map(\.outcome) == ["ok", "ok", "error"], "\(document)")
            #expect(
                targets.map(\.well) == [true, true, false] && targets.map(\.linesNotSent) == [0, 0, 1],
                "\(document)"
            )
            #expect(targets.map(\.exitCode) == [nil, nil, 1] && targets[2].error?.code == "NonZeroExit", "\(document)")
        }
        let lines = try await site.run(playbook, hosts, ["--format", "jsonl"])
        #expect(lines.output.split(separator: "\n").filter { $0.contains("\"well\":false") }.count == 1, "\(lines)")
    }

    @Test("A run of several targets ends with counts and what is not well, and prints only that when it is quiet")
    func summary() async throws {
        let site = try await FleetSite()
        let playbook = try site.place.playbook("echo one\nls /dev/null/x\necho two\n", named: "p.sh")
        let results = site.place.folder.path(of: "results")
        let run = try await site.run(playbook, ["db03", "web01"], ["-q", "--output", results])
        #expect(run.ending == .exited(5))
        let told = run.errors.split(separator: "\n")
        #expect(told.count == 2, "\(run)")
        #expect(told.first?.hasPrefix("psrun: db03: refused, phase tcp, 3 lines not sent: cannot ") == true, "\(run)")
        #expect(told.last?.hasPrefix("psrun: web01: line 2, exit code 2: ls /dev/null/x: ls: ") == true, "\(run)")
        // Whoever keeps the results has the reasons too.
        let kept = try text(of: results)
        #expect(kept.hasPrefix("=== line 1: echo one\n--- web01\none\n=== line 2: ls /dev/null/x\n"), "\(kept)")
        #expect(kept.hasSuffix("\n" + run.errors) && !run.errors.isEmpty, "\(kept)")

        let good = try site.place.playbook("echo one\n", named: "good.sh")
        #expect(try await site.run(good, ["web01", "web02"], ["-q"]).errors.isEmpty)
        let loud = try await site.run(good, ["web01", "web02"])
        #expect(loud.errors.hasSuffix("psrun: 2 targets: 2 ok\n"), "\(loud)")
        let stopped = try await site.run(playbook, ["web01", "web02"], ["-ErrorAction", "Stop"])
        #expect(
            stopped.errors.contains("psrun: web[01-02]: line 2, exit code 2, 1 line not sent: ls /dev/null/x: ls: "),
            "\(stopped)"
        )
    }

    @Test("A target that was not reached has a recording that says why, in any player of casts")
    func notReached() async throws {
        let site = try await FleetSite()
        let playbook = try site.place.playbook("if true\nthen\n  echo yes\nfi\n", named: "p.sh")
        #expect(try await site.run(playbook, ["db03", "web01"]).ending == .exited(4))
        let replay = try await site.last("replay", "--host", "db03")
        #expect(replay.ending == .exited(0) && replay.errors.isEmpty)
        #expect(replay.output.hasPrefix("psrun: db03: in phase tcp: "), "\(replay)")
        #expect(replay.output.hasSuffix("\npsrun: 4 lines were not sent\n"), "\(replay)")
        let cast = try await site.last("export", "--as", "cast2", "--host", "db03")
        #expect(cast.output.contains(#", "o", "psrun: db03: in phase tcp: "#), "\(cast)")
        let found = try await site.place.psrun(["search", "phase tcp", "--no-access-log"])
        #expect(found.output.split(separator: "\n").count == 1, "\(found)")
        let junit = try await site.last("export", "--as", "junit")
        #expect(junit.output.split(separator: "<error ").count == 2, "\(junit)")
        #expect(junit.output.split(separator: "<testcase ").count == 1 + 5 + 5, "\(junit)")
        let shown = try await site.last("show", "--host", "db03")
        #expect(shown.output.hasSuffix("\n  4 lines were not sent\n"), "\(shown)")
    }

    @Test("A host that is named twice is entered once, with a word about it")
    func namedTwice() async throws {
        let site = try await FleetSite()
        let playbook = try site.place.playbook("echo one\n", named: "p.sh")
        let list = try site.place.folder.write("web01\nweb02\n", to: "hosts")
        let run = try await site.run(playbook, ["web01", "@\(list)", "\(site.servers[0].user)@WEB01"])
        #expect(run.ending == .exited(0))
        #expect(run.output == "=== line 1: echo one\n--- web[01-02] (2)\none\n", "\(run)")
        #expect(run.errors.contains("psrun: web01 is named more than once (web01, "), "\(run)")
        let proof = try await site.place.psrun(["prove", "last", "--host", "web01", "--output", "/dev/null"])
        #expect(!proof.errors.contains("match"), "\(proof)")
    }

    @Test("Where no target is named psrun says so, however quiet it is to be, and what answered")
    func noTarget() async throws {
        let place = try Workplace()
        let playbook = try place.playbook("echo one\n", named: "p.sh")
        let own = try await place.psrun([playbook, "-q"])
        let word = "psrun: no --host was given, so this is a session on this computer\n"
        let shell = "psrun: pwsh was not found in PATH, so psrun's own endpoint answered, with a POSIX shell\n"
        #expect(own.errors == word + shell, "\(own)")
        let dry = try await place.psrun([playbook, "-q", "--dry-run"])
        #expect(dry.errors.hasPrefix(word), "\(dry)")
        let path = try place.folder.searchPath(withPwsh: Peers.command("psrpcore_server.py"))
        let other = try await place.psrun([playbook, "-q", "--any-shell"], environment: ["PATH": path])
        #expect(other.errors == word, "\(other)")
    }

    @Test("The only session of a run says which step is not ok, and what was not sent")
    func onlyTarget() async throws {
        let site = try await FleetSite()
        let playbook = try site.place.playbook(
            "echo one\nls /dev/null/x\nexit 3\necho two\necho three\n",
            named: "p.sh"
        )
        let run = try await site.run(playbook, ["web01"], ["-q"])
        #expect(run.ending == .exited(1))
        let words = run.errors.split(separator: "\n")
        #expect(words.count == 4, "\(run)")
        #expect(words[0].hasPrefix("psrun: web01: line 2 (ls /dev/null/x): error, exit code 2: ls: "), "\(run)")
        #expect(
            words.dropFirst() == [
                "psrun: web01: line 3 (exit 3): error, asked for exit code 3",
                "psrun: web01: line 3 ended the session with exit code 3", "psrun: web01: 2 lines were not sent",
            ],
            "\(run)"
        )
        let file = site.place.folder.path(of: "one")
        #expect(try await site.run(playbook, ["web01"], ["--output", file]).ending == .exited(1))
        let kept = try text(of: file)
        #expect(
            kept.contains("\npsrun: web01: error, exit 3, 2 lines not sent\npsrun: line 2 (ls /dev/null/x): "),
            "\(kept)"
        )
        #expect(kept.hasSuffix("\npsrun: line 3 (exit 3): error, asked for exit code 3\n"), "\(kept)")
        let left = try site.place.playbook("exit\necho two\n", named: "left.sh")
        let loud = try await site.run(left, ["web01"])
        #expect(loud.ending == .exited(0) && loud.errors.contains("psrun: web01: 1 line was not sent\n"), "\(loud)")
        #expect(try await site.run(left, ["web01"], ["-q"]).errors.isEmpty)
    }
}
