import PSRunCommandLine
import PSRunCommands
import PSRunTestSupport
import Recording
import Testing

@Suite struct ReplayCommandTests {
    private static func replay(
        _ run: String,
        in folder: String,
        isTerminal: Bool = false,
        environment: [String: String] = [:],
        _ change: (inout ReplayInvocation) -> Void = { _ in }
    ) async -> (status: Int32, console: CapturedConsole) {
        var invocation = ReplayInvocation(run: run)
        invocation.recordings = folder
        change(&invocation)
        let console = CapturedConsole()
        let status = await ReplayCommand.run(
            invocation,
            console: console.console(isTerminal: isTerminal, environment: environment)
        )
        return (status, console)
    }

    @Test("Without a terminal replay prints at once and plain")
    func withoutATerminalItPrintsAtOnceAndPlain() async throws {
        let folder = try TemporaryFolder()
        _ = try await RecordedSample.make(in: folder.path, targets: ["root@web1:22"])
        let (status, console) = await Self.replay("last", in: folder.path)
        #expect(status == 0)
        #expect(console.output == RecordedSample.plain("root@web1:22"))
        #expect(console.due.isEmpty)
        #expect(console.warnings.isEmpty)
    }

    @Test("At a terminal replay keeps colours and times")
    func atATerminalItKeepsColoursAndTimes() async throws {
        let folder = try TemporaryFolder()
        _ = try await RecordedSample.make(in: folder.path, targets: ["web1"])
        let second: UInt64 = 1_000_000_000
        let real = await Self.replay("last", in: folder.path, isTerminal: true)
        #expect(real.console.output == "[web1]: PS> 'hi'\n\u{1b}[32mhi\u{1b}[0m ^[]0;owned^G\n\u{1b}[0m")
        #expect(real.console.due == [0, second, 61 * second])

        let fast = await Self.replay("last", in: folder.path, isTerminal: true) { $0.speed = 2 }
        #expect(fast.console.due == [0, second / 2, 61 * second / 2])
        let brief = await Self.replay("last", in: folder.path, isTerminal: true) { $0.idleLimit = .seconds(3) }
        #expect(brief.console.due == [0, second, 4 * second])
        let both = await Self.replay("last", in: folder.path, isTerminal: true) {
            $0.idleLimit = .milliseconds(250)
            $0.speed = 0.5
        }
        #expect(both.console.due == [0, second / 4, second / 2])
        let instant = await Self.replay("last", in: folder.path, isTerminal: true) { $0.instant = true }
        #expect(instant.console.due.isEmpty)
        let plain = await Self.replay("last", in: folder.path, isTerminal: true, environment: ["NO_COLOR": "1"])
        #expect(plain.console.output == RecordedSample.plain("web1"))
    }

    @Test("Without a terminal replay keeps times where they are asked for")
    func elsewhereItKeepsTimesWhereTheyAreAskedFor() async throws {
        let folder = try TemporaryFolder()
        _ = try await RecordedSample.make(in: folder.path, targets: ["web1"])
        let second: UInt64 = 1_000_000_000
        let real = await Self.replay("last", in: folder.path) { $0.speed = 1 }
        #expect(real.console.due == [0, second, 61 * second])
        #expect(real.console.output == RecordedSample.plain("web1"))
        let brief = await Self.replay("last", in: folder.path) { $0.idleLimit = .seconds(3) }
        #expect(brief.console.due == [0, second, 4 * second])
        let instant = await Self.replay("last", in: folder.path) {
            $0.speed = 1
            $0.instant = true
        }
        #expect(instant.console.due.isEmpty)
    }

    @Test("An older recording of a target that was not reached says why, behind what its console showed")
    func whyItWasNotReached() async throws {
        let folder = try TemporaryFolder()
        _ = try await RecordedSample.make(in: folder.path, targets: ["web1", "down"])
        let down = await Self.replay("last", in: folder.path) { $0.host = "down" }
        #expect(down.status == 0)
        #expect(down.console.output == RecordedSample.plain("down"))
        #expect(down.console.warnings == "psrun: nobody listens at down\n")
        let well = await Self.replay("last", in: folder.path) { $0.host = "web1" }
        #expect(well.console.warnings.isEmpty)
    }

    @Test("Several targets get headings")
    func severalTargetsGetHeadings() async throws {
        let folder = try TemporaryFolder()
        _ = try await RecordedSample.make(in: folder.path, targets: ["web1", "web2"])
        let all = await Self.replay("last", in: folder.path)
        #expect(
            all.console.output
                == "==> web1 <==\n" + RecordedSample.plain("web1") + "==> web2 <==\n" + RecordedSample.plain("web2")
        )
    }

    @Test(
        "--host takes the host's part or the whole target",
        arguments: ["root@web2.example.org:2222", "web2.example.org", "WEB2.example.org"]
    )
    func aHostIsItsHostPartOrTheWholeTarget(host: String) async throws {
        let folder = try TemporaryFolder()
        let targets = ["root@web1.example.org:22", "root@web2.example.org:2222"]
        _ = try await RecordedSample.make(in: folder.path, targets: targets)
        let (status, console) = await Self.replay("nightly", in: folder.path) { $0.host = host }
        #expect(status == 0)
        #expect(console.output == RecordedSample.plain(targets[1]))
    }

    @Test("A run or a host that is not there is said")
    func whatIsNotThereIsSaid() async throws {
        let folder = try TemporaryFolder()
        let nothing = await Self.replay("last", in: folder.path)
        #expect(nothing.status == 2)
        #expect(nothing.console.warnings.contains("There is no run last"))

        _ = try await RecordedSample.make(in: folder.path, targets: ["web1"])
        let host = await Self.replay("last", in: folder.path) { $0.host = "web" }
        #expect(host.status == 2)
        #expect(host.console.warnings.contains("has no target web. It has 1: web1."))
        let run = await Self.replay("daily", in: folder.path)
        #expect(run.status == 2)
        #expect(run.console.warnings.contains("There is no run daily in \(folder.path)"))
    }

    @Test("The program plays at a terminal and prints to a pipe")
    func theProgramPlaysAtATerminalAndPrintsToAPipe() async throws {
        let place = try Workplace()
        _ = try await RecordedSample.make(in: place.recordings, targets: ["web1"])
        let program = "'\(BuiltProgram.path)' replay last --instant"
        let terminal = try await ChildProgram.run(
            ["/bin/sh", "-c", "exec script -qec \"$0\" /dev/null", program],
            environment: place.environment()
        )
        #expect(terminal.ending == .exited(0))
        #expect(terminal.output == "[web1]: PS> 'hi'\r\n\u{1b}[32mhi\u{1b}[0m ^[]0;owned^G\r\n\u{1b}[0m")
        let pipe = try await place.psrun(["replay", "last"])
        #expect(pipe.ending == .exited(0))
        #expect(pipe.output == RecordedSample.plain("web1"))
        #expect(pipe.errors.isEmpty)
    }

    @Test("Every changed byte of the archive is refused or harmless")
    func everyChangedByteOfTheArchiveIsRefusedOrHarmless() async throws {
        let folder = try TemporaryFolder()
        let sealed = try await RecordedSample.make(in: folder.path, targets: ["web1", "web2"])
        let path = "\(sealed.folder)/run.tar.zst"
        let whole = try contents(of: path)
        let good = await Self.replay("last", in: folder.path).console.output
        var refused = 0
        for offset in stride(from: 0, to: whole.count, by: 7) {
            var changed = whole
            changed[offset] ^= 0x04
            try folder.write(changed, to: "\(path.dropFirst(folder.path.count + 1))", mode: 0o600)
            let (status, console) = await Self.replay("last", in: folder.path)
            // Some bytes mean nothing to a reader, as a tar header's padding; none may change what is shown.
            #expect(status == 0 ? console.output == good : good.hasPrefix(console.output), "byte \(offset)")
            if status != 0 {
                refused += 1
                #expect(status == 1, "byte \(offset): \(console.warnings)")
                #expect(console.warnings.contains("damaged"), "byte \(offset): \(console.warnings)")
            }
        }
        #expect(refused > whole.count / 7 / 3)
        for length in [0, 1, 31, 32, whole.count / 2, whole.count - 1] {
            try folder.write(Array(whole[..<length]), to: "\(path.dropFirst(folder.path.count + 1))", mode: 0o600)
            #expect(await Self.replay("last", in: folder.path).status == 1, "cut to \(length)")
        }
    }
}
