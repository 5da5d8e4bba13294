import Foundation
import PSRunTestSupport
import Testing

/// A run's result for other programs, read back by those programs (Tests/Peers/result_readers.py).
struct ResultFormatTests {
    private struct Document: Decodable {
        struct Suite: Decodable {
            var name: String
            var counts: [Int]
        }

        var root: [Int]
        var suites: [Suite]
    }

    private struct PluginLine: Decodable {
        var words: String
        var figures: [String: String]
        var outside: Bool
    }

    private struct Metrics: Decodable {
        var lines: [String]
        var errors: String
    }

    private func read<Value: Decodable>(_ kind: Value.Type, _ arguments: [String]) async throws -> Value {
        let outcome = try await ChildProgram.run(Peers.command("result_readers.py", arguments), within: 60)
        guard outcome.ending == .exited(0) else { throw TestSupportError("\(outcome)") }
        return try JSONDecoder().decode(kind, from: Data(outcome.output.utf8))
    }

    private static let playbook =
        "echo one\n# why\nif test \"$USE\" -lt 90\nthen echo '<&>'; else exit 3; fi\necho two\n"

    @Test(
        "A run is read by junitparser and xunitparser, with one error for a host that was not reached and the same cases for all"
    )
    func junit() async throws {
        let site = try await FleetSite()
        let playbook = try site.place.playbook(Self.playbook, named: "p.sh")
        let file = site.place.folder.path(of: "night.xml")
        let run = try await site.run(playbook, ["web03", "db01", "web01"], ["--format", "junit", "--output", file])
        #expect(run.ending == .exited(5) && run.output.isEmpty)
        let document = try await read(Document.self, ["junit", file])
        // A case for the session, and for each line that is not blank and no comment.
        #expect(document.suites.map(\.name) == ["web03", "db01", "web01"])
        #expect(document.suites.map(\.counts) == [[5, 1, 0, 2], [5, 0, 1, 4], [5, 0, 0, 0]])
        #expect(document.root == [15, 1, 1, 6])
        func cases(_ text: String) -> Set<String> {
            Set(text.matches(of: /<testcase classname="[^"]*" (name="[^"]*")/).map { String($0.output.1) })
        }
        let xml = try text(of: file)
        #expect(cases(xml).count == 5 && xml.contains("classname=\"p.sh.db01\" name=\"line 5: echo two\""), "\(xml)")
        let exported = try await site.last("export", "--as", "junit")
        #expect(cases(exported.output) == cases(xml), "\(exported)")
        let copy = try site.place.folder.write(exported.output, to: "export.xml")
        #expect(try await read(Document.self, ["junit", copy]).root == [15, 1, 1, 6])
    }

    @Test(
        "A monitoring server gets one line, a status from 0 to 3, and figures that nagiosplugin reads, whatever happens"
    )
    func nagios() async throws {
        let site = try await FleetSite()
        let playbook = try site.place.playbook(Self.playbook, named: "p.sh")
        let odd = try site.place.playbook("echo one | false\n", named: "odd|'=\u{1B}.sh")
        let few = ["--format", "nagios"]
        for (arguments, status, words) in [
            ([playbook, "--ssh-config", site.configuration, "-w", "web[01-02]"], Int32(0), "p.sh: 2 targets are well"),
            (
                [playbook, "--ssh-config", site.configuration, "-w", "web[01-03],db[01-02]"], 2,
                "3 of 5 targets are not well: db[01-02]: refused, phase tcp; web03: lines 2 to 4, asked for exit code 3"
            ),
            ([odd, "--ssh-config", site.configuration, "-w", "web01"], 2, "1 of 1 target is not well"),
            ([playbook, "--ssh-config", site.configuration, "-w", "web01", "--no-such-option"], 3, "no option"),
            (["/no/such/playbook", "--host", "a"], 3, "cannot be read"),
            ([playbook, "--host", "a", "--output", "/no/such/folder/f"], 3, "cannot be written"),
            ([playbook, "--host", "a", "--exit-from-session"], 3, "give one"),
        ] as [([String], Int32, String)] {
            let run = try await site.place.psrun(arguments + few)
            #expect(run.ending == .exited(status) && run.errors.isEmpty, "\(run)")
            let line = try await read(PluginLine.self, ["nagios", run.output, "\(status)"])
            #expect(line.words.contains(words), "\(run)")
            // The thresholds are what the status comes from.
            #expect(line.outside == (status == 2) && line.figures.isEmpty == (status == 3), "\(run)")
        }
    }

    @Test("The node exporter serves the metrics of two runs of one folder, and nothing of a file that is not finished")
    func metrics() async throws {
        let site = try await FleetSite()
        let playbook = try site.place.playbook(Self.playbook, named: "p \"\\q.sh")
        let folder = try site.place.folder.makeFolder("textfile")
        let hosts = ["web01", "web03", "db01"]
        for name in ["night", "day"] {
            let run = try await site.run(playbook, hosts, ["--metrics-file", "\(folder)/\(name).prom", "-q"])
            #expect(run.ending == .exited(5), "\(run)")
        }
        #expect(try FolderListing.names(in: folder).sorted() == ["day.prom", "night.prom"])
        let served = try await read(Metrics.self, ["metrics", folder])
        #expect(served.lines.contains("node_textfile_scrape_error 0") && served.errors.isEmpty, "\(served)")
        let playbookLabel = #"playbook="p \"\\q.sh""#
        for file in ["day", "night"] {
            for sample in [
                "psrun_run_success{file=\"\(file)\",\(playbookLabel)} 0",
                "psrun_run_exit_code{file=\"\(file)\",\(playbookLabel)} 5",
                "psrun_run_targets{file=\"\(file)\",outcome=\"unreachable\",\(playbookLabel)} 1",
                "psrun_target_success{file=\"\(file)\",\(playbookLabel),target=\"web01\"} 1",
                "psrun_target_success{file=\"\(file)\",\(playbookLabel),target=\"db01\"} 0",
            ] {
                #expect(served.lines.contains(sample), "\(sample): \(served)")
            }
        }
        // What cannot be written is told before anything connects.
        let nowhere = try await site.run(playbook, hosts, ["--metrics-file", "/no/such/folder/n.prom"])
        #expect(nowhere.ending == .exited(2) && nowhere.errors.contains("--metrics-file /no/such/folder/n.prom cannot"))
        let misnamed = try await site.run(playbook, hosts, ["--metrics-file", "\(folder)/n.txt"])
        #expect(misnamed.ending == .exited(2) && misnamed.errors.contains("end in .prom"), "\(misnamed)")
        #expect(try FolderListing.names(in: folder).sorted() == ["day.prom", "night.prom"])
    }

    @Test("A reader of the metrics file never sees a part of it, and it may be read by others whatever the umask")
    func metricsAreWhole() async throws {
        let place = try Workplace()
        let folder = try place.folder.makeFolder("textfile")
        let script = """
            umask 077
            "$0" -c true -q --any-shell --metrics-file '\(folder)/a.prom' >&2 || exit 1
            ( while [ ! -e '\(folder)/stop' ]; do tail -n 1 '\(folder)/a.prom' | grep -q '^psrun_target_duration' || echo torn; done ) &
            for i in 1 2 3 4 5; do "$0" -c true -q --any-shell --metrics-file '\(folder)/a.prom' >&2; done
            touch '\(folder)/stop'; wait; stat -c %a '\(folder)/a.prom'; ls '\(folder)'
            """
        let outcome = try await ChildProgram.run(
            ["/bin/sh", "-c", script, BuiltProgram.path],
            environment: place.environment(),
            within: 90
        )
        #expect(outcome.output == "644\na.prom\nstop\n", "\(outcome)")
    }
}
