import Connections
import Glibc
import PSRunTestSupport
import Testing

@testable import ContainerTransport

struct ContainerTransportTests {
    private static let web = StandInEngine.Container("a", "web")

    private func transport(_ engine: StandInEngine, _ place: ContainerPlace) throws -> EntryUnderTest {
        let loop = try TestLoops.next()
        return EntryUnderTest(
            entry: ContainerEntry(place: place, path: engine.path, patience: .seconds(1), loop: loop)
        )
    }

    private func conformance(_ engines: [FarProgram: StandInEngine]) -> TransportConformance {
        TransportConformance { program in
            guard let engine = engines[program] else { throw TestSupportError("no engine for \(program)") }
            return try transport(engine, ContainerPlace("web"))
        }
    }

    /// What entering fails with.
    private func failure(
        _ engine: StandInEngine,
        _ name: String,
        configuration: String? = nil,
        within limit: Duration? = nil
    ) async throws -> TransportError? {
        let place = ContainerPlace(name, configurationName: configuration)
        let deadline = limit.map { ConnectingDeadline($0, on: RunClock()) }
        return await #expect(throws: TransportError.self) {
            try await transport(engine, place)
                .withConnection(timeline: ConnectionTimeline(), deadline: deadline) { _ in }
        }
    }

    @Test("A container passes the conformance kit of every way in", arguments: [true, false])
    func conforms(leads: Bool) async throws {
        var engines: [FarProgram: StandInEngine] = [:]
        for program in FarProgram.allCases {
            engines[program] = try StandInEngine([Self.web], programs: ["pwsh": program.rawValue], leads: leads)
        }
        let conformance = conformance(engines)
        try await conformance.echoesMessages()
        try await conformance.echoesMegabytes()
        try await conformance.keepsWhatWaits()
        try await conformance.bodyMayThrow()
        try await conformance.cancellationEndsIt()
    }

    @Test(
        "Streams come apart, what the engine says besides is diagnostics, and a status counts where its process is gone"
    )
    func streams() async throws {
        let program = FarProgram.twoStreams.rawValue
        let engine = try StandInEngine([Self.web], programs: ["pwsh": program], warning: "a warning")
        try await conformance([.twoStreams: engine]).run(.twoStreams) { connection in
            let all = try await connection.receiveAll()
            #expect(all.output == Array("out".utf8))
            #expect(String(decoding: all.diagnostics, as: UTF8.self) == "a warning\nerr")
            #expect(all.end == .code(7))
        }
    }

    @Test("An engine's client that ends well proves nothing, as long as its process lives on")
    func noProof() async throws {
        let engine = try StandInEngine([Self.web], programs: ["pwsh": "echo $PPID; exec sleep 20"])
        let transport = try transport(engine, ContainerPlace("web"))
        try await transport.withConnection(timeline: ConnectionTimeline(), deadline: nil) { connection in
            guard case .output(let bytes) = try await connection.receive() else { throw TestSupportError("no output") }
            let client = Int32(String(decoding: bytes, as: UTF8.self).dropLast()) ?? 0
            try #require(client > 1)
            // As podman's on SIGTERM: it ends with 0, and the process in the container lives on.
            kill(client, SIGUSR1)
            let all = try await connection.receiveAll()
            #expect(all.end == .unknown)
        }
    }

    @Test("Phases have names of their own, and PowerShell is started without a terminal or a profile")
    func phases() async throws {
        let engine = try StandInEngine([Self.web], programs: ["pwsh": "echo \"$*\"; exec cat"])
        let timeline = ConnectionTimeline()
        let place = ContainerPlace("web", user: "0", configurationName: "Nightly")
        let said = try await transport(engine, place).withConnection(timeline: timeline, deadline: nil) {
            connection -> String in
            guard case .output(let bytes) = try await connection.receive() else { return "" }
            return String(decoding: bytes, as: UTF8.self)
        }
        #expect(said == "-s -NoLogo -NoProfile -ConfigurationName Nightly\n")
        #expect(Set(timeline.durations.keys) == [.engine, .inspect, .exec])
        #expect(try engine.calls.contains("exec --interactive --user 0 \(Self.web.id) /bin/sh -c"))
    }

    @Test("An endpoint of psrun's is what is started where there is no PowerShell")
    func endpoint() async throws {
        for (name, argument) in [("psrun-endpoint", ""), ("psrun", "endpoint")] {
            let engine = try StandInEngine([Self.web], programs: [name: "echo \"$0 $*\"; exec cat"])
            let transport = try transport(engine, ContainerPlace("web"))
            let said = try await transport.withConnection(timeline: ConnectionTimeline(), deadline: nil) {
                connection -> String in
                guard case .output(let bytes) = try await connection.receive() else { return "" }
                return String(decoding: bytes, as: UTF8.self)
            }
            #expect(said.hasSuffix("/\(name) \(argument)\n"))
        }
    }

    @Test("What is wrong is told by name, and by the engine's own answers")
    func failures() async throws {
        let others = [
            StandInEngine.Container("b", "db"), StandInEngine.Container("c", "c1"), StandInEngine.Container("c", "c2"),
            StandInEngine.Container("d", "done", "exited"), StandInEngine.Container("e", "held", "paused"),
        ]
        let engine = try StandInEngine([Self.web] + others, programs: ["pwsh": "cat"])
        let expected: [(String, TransportError.Code, String)] = [
            ("nosuch", .containerUnknown, "there is no container with the id or the name 'nosuch'"),
            ("bbb", .containerUnknown, "is only the beginning of an id, that of db (bbbb"),
            ("cc", .containerAmbiguous, "may be any of c1 (cccc"),
            ("done", .containerNotRunning, "its state is 'exited'"),
            ("held", .containerPaused, "is paused"),
        ]
        for (name, code, words) in expected {
            let error = try await failure(engine, name)
            #expect(error?.code == code && error?.phase == .inspect, "\(name): \(error as Any)")
            #expect(error?.message.contains(words) == true, "\(error as Any)")
        }
    }

    @Test("An engine that is not there, and one that does not answer for itself, are told apart")
    func engines() async throws {
        let none = try await failure(try StandInEngine([], through: []), "web")
        #expect(none?.code == .containerEngineMissing && none?.phase == .engine)
        let refusing = try await failure(try StandInEngine([Self.web], refusal: "Cannot connect to the daemon"), "web")
        #expect(refusing?.code == .containerEngineFailed && refusing?.phase == .inspect)
        #expect(refusing?.message.contains("podman: Cannot connect to the daemon.") == true, "\(refusing as Any)")
        // The same container through two engines is one.
        let twice = try StandInEngine([Self.web], through: [.docker, .podman], programs: ["pwsh": "exec cat"])
        try await transport(twice, ContainerPlace("web"))
            .withConnection(timeline: ConnectionTimeline(), deadline: nil) { _ in }
    }

    @Test("A session configuration for what is not PowerShell is told")
    func noConfiguration() async throws {
        let shell = try StandInEngine([Self.web], programs: ["psrun": "exec cat"])
        let configured = try await failure(shell, "web", configuration: "Nightly")
        #expect(configured?.code == .configurationUnusable && configured?.phase == .exec)
    }

    @Test("Where there is a shell alone, two command lines are run by the two programs, and no third")
    func commands() async throws {
        let engine = try StandInEngine([Self.web], programs: [:])
        let entry = ContainerEntry(
            place: ContainerPlace("web"),
            path: engine.path,
            patience: .seconds(1),
            loop: try TestLoops.next()
        )
        try await entry.withContainer(timeline: ConnectionTimeline(), deadline: nil) { session in
            try #require(session.hasShellAlone)
            let commands = ContainerCommands(session)
            let shell = try await commands.start("read -r a; echo \"  $a\"; echo err >&2; exit 9")
            let beside = try await commands.start("exec cat")
            await #expect(throws: TransportError.self) { _ = try await commands.start("true") }
            await commands.isReady()
            try await beside.send(Array("beside\n".utf8))
            let answer = try await beside.receive()
            #expect(answer == .output(Array("beside\n".utf8)))
            try await shell.send(Array("said\n".utf8))
            let all = try await shell.receiveAll()
            #expect(String(decoding: all.output, as: UTF8.self) == "  said\n")
            #expect(all.diagnostics == Array("err\n".utf8) && all.end == .code(9))
        }
    }

    @Test("How a command line ended is its own word: an engine's client that ends well, or is killed, proves nothing")
    func commandsWithoutProof() async throws {
        for signal in [SIGUSR1, SIGKILL] {
            let engine = try StandInEngine([Self.web], programs: [:])
            let entry = ContainerEntry(
                place: ContainerPlace("web"),
                path: engine.path,
                patience: .seconds(1),
                loop: try TestLoops.next()
            )
            try await entry.withContainer(timeline: ConnectionTimeline(), deadline: nil) { session in
                let commands = ContainerCommands(session)
                // The first program stands between the client and the command line.
                let line = "read -r l </proc/$PPID/stat; set -- $l; echo $4; echo err >&2; exec sleep 20"
                let shell = try await commands.start(line)
                _ = try await commands.start("exec cat")
                await commands.isReady()
                guard case .output(let bytes) = try await shell.receive() else { throw TestSupportError("no output") }
                let client = Int32(String(decoding: bytes, as: UTF8.self).dropLast()) ?? 0
                try #require(client > 1)
                kill(client, signal)
                let all = try await shell.receiveAll()
                #expect(all.diagnostics == Array("err\n".utf8) && all.end == .unknown, "\(signal)")
            }
        }
    }

    @Test("The clock holds in each phase", arguments: [StandInEngine.Silence.inspect, .exec])
    func clock(silent: StandInEngine.Silence) async throws {
        let engine = try StandInEngine([Self.web], programs: ["pwsh": "exec cat"], silent: silent)
        let error = try await failure(engine, "web", within: .seconds(1))
        #expect(error?.code == .timedOut && error?.phase?.name == silent.rawValue, "\(error as Any)")
    }

    @Test("Whatever ends the session, nothing that it started is left, also of what takes no hint")
    func nothingStays() async throws {
        let mark = "3\(getpid())7"
        let stubborn = """
            trap '' HUP TERM INT; sleep \(mark) & (trap '' HUP; sleep \(mark)) & echo up; exec </dev/null; sleep \(mark)
            """
        for leads in [true, false] {
            let engine = try StandInEngine([Self.web], programs: ["pwsh": stubborn], leads: leads)
            let transport = try transport(engine, ContainerPlace("web"))
            let (running, continuation) = AsyncStream<Void>.makeStream()
            let session = Task {
                try await transport.withConnection(timeline: ConnectionTimeline(), deadline: nil) { connection in
                    _ = try await connection.receive()
                    continuation.yield()
                    while true { _ = try await connection.receive() }
                }
            }
            for await _ in running { break }
            for _ in 0..<100 where try await sleepers(mark) < 3 { try await Task.sleep(for: .milliseconds(50)) }
            #expect(try await sleepers(mark) >= 3)
            session.cancel()
            _ = await session.result
            // The guard may go on by itself on a loaded machine.
            for _ in 0..<200 where try await sleepers(mark) > 0 { try await Task.sleep(for: .milliseconds(50)) }
            #expect(try await sleepers(mark) == 0)
        }
    }

    private func sleepers(_ mark: String) async throws -> Int {
        let found = try await ChildProgram.run(["/usr/bin/pgrep", "-c", "-f", "sleep \(mark)"])
        return Int(found.output.split(separator: "\n").first ?? "") ?? 0
    }
}
