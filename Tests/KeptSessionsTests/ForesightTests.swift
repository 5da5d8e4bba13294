import CLIXML
import KeptSessions
import PSRP
import Testing

/// What the broker knows of psrun's endpoint before a visitor asks: it costs no round trip, and it is true.
struct ForesightTests {
    @Test(
        "A visit of one line takes one round trip to the far side, its prompt and `$?` included",
        arguments: [1, 9, .max]
    )
    func oneLine(step: Int) {
        let stage = FarStage(step: step)
        for (folder, before) in [("/a", "/"), ("/b", "/a"), ("/c", "/b")] {
            let flights = stage.flights
            stage.enter()
            #expect(stage.prompt() == ["sh \(before)> "] && stage.flights == flights)
            #expect(stage.line("cd \(folder)") == [])
            #expect(stage.state() == ["True", "0", "sh \(folder)> "])
            stage.leave()
            #expect(stage.flights == flights + 1)
            #expect(stage.visitor?.isClosed == true && stage.held.isVisitOver)
            stage.held.endVisit()
            #expect(stage.held.state == .available)
        }
        #expect(stage.shell.ran == ["cd /a", "cd /b", "cd /c"])
    }

    @Test("Each further line takes one more round trip, whatever became of the one before")
    func manyLines() {
        let stage = FarStage()
        stage.enter()
        _ = stage.prompt()
        let flights = stage.flights
        #expect(stage.line("status 3") == [] && stage.state() == ["False", "3", "sh /> "])
        #expect(stage.line("exit 4") == [] && stage.state() == ["False", "4", "sh /> "])
        // A block that is not whole runs nothing, and is sent again, longer.
        #expect(stage.run(.line("open"), to: .failed) == [])
        #expect(stage.line("open more") == [] && stage.state() == ["True", "0", "sh /> "])
        #expect(stage.flights == flights + 4)
        #expect(stage.shell.ran == ["status 3", "exit 4", "open more"])
    }

    @Test("Questions that are asked twice are answered twice")
    func again() {
        let stage = FarStage()
        stage.enter()
        #expect(stage.prompt() == ["sh /> "] && stage.prompt() == ["sh /> "])
        #expect(stage.line("cd /a") == [])
        #expect(stage.state() == stage.state())
        #expect(stage.prompt() == ["sh /a> "])
    }

    @Test("Prompt and `$?` are true behind a visitor that was killed, and behind a line that was stopped")
    func stopped() throws {
        let stage = FarStage()
        stage.enter()
        _ = stage.prompt()
        #expect(stage.line("cd /a") == [])
        _ = stage.visitor?.client.create(.line("hang"))
        stage.talk()
        stage.flight()
        #expect(stage.shell.isHanging)
        stage.kill()
        #expect(!stage.shell.isHanging && stage.held.isVisitOver)
        stage.held.endVisit()

        stage.enter()
        #expect(stage.prompt() == ["sh /a> "])
        #expect(stage.state() == ["False", "130", "sh /a> "])
        #expect(stage.line("cd /b") == [])
        let line = stage.visitor?.client.create(.line("hang"))
        let id = try #require(line)
        stage.talk()
        stage.flight()
        stage.visitor?.client.stop(id)
        stage.talk()
        stage.flight()
        #expect(stage.visitor?.ends[id] == .stopped)
        stage.leave()
        while !stage.held.isVisitOver { #expect(stage.flight()) }
        stage.held.endVisit()

        stage.enter()
        #expect(stage.prompt() == ["sh /b> "] && stage.state() == ["False", "130", "sh /b> "])
    }

    @Test("A visitor that goes before it has asked anything leaves what is known as it is")
    func shy() {
        let stage = FarStage()
        for _ in 1...3 {
            let flights = stage.flights
            stage.enter()
            stage.kill()
            #expect(stage.held.isVisitOver && stage.flights == flights)
            stage.held.endVisit()
        }
        stage.enter()
        #expect(stage.prompt() == ["sh /> "])
    }

    @Test("A visitor that leaves while a line runs behind another one has both stopped")
    func several() {
        let stage = FarStage()
        stage.enter()
        for text in ["hang", "cd /never"] as [PSString] { _ = stage.visitor?.client.create(.line(text)) }
        stage.talk()
        stage.flight()
        stage.kill()
        #expect(stage.held.isVisitOver && !stage.shell.ran.contains("cd /never"))
        stage.held.endVisit()
        stage.enter()
        #expect(stage.prompt() == ["sh /> "])
    }

    @Test("A text of several fragments is asked about as by anybody else")
    func longText() {
        let stage = FarStage()
        stage.enter()
        _ = stage.prompt()
        #expect(stage.line("cd /a " + String(repeating: "x", count: 100_000)) == [])
        #expect(stage.state() == ["True", "0", "sh /a> "])
        #expect(stage.line("status 2") == [] && stage.state() == ["False", "2", "sh /a> "])
    }

    @Test(
        "A pipeline whose rest is sent behind another one is what the answers are true behind",
        arguments: [1, 40, .max]
    )
    func interleaved(step: Int) {
        let stage = FarStage(step: step)
        stage.enter()
        _ = stage.prompt()
        let id = PSGuid(high: 9, low: 1)
        let message = Message(
            .createPipeline,
            to: .server,
            runspacePoolID: .zero,
            pipelineID: id,
            body: encodeCLIXML(PipelineRequest.line("cd /late").value)
        )
        var splitter = FragmentSplitter()
        var fragments = splitter.begin(message.encoded)
        var pieces: [CarriageRequest] = []
        while !fragments.isAtEnd {
            var bytes: [UInt8] = []
            fragments.appendNext(to: &bytes, largest: 400)
            pieces.append(.data(.pipeline(id), .standard, bytes))
        }
        #expect(pieces.count > 2)
        stage.held.receiveVisitor(OutOfProcessClientCarriage.bytes(of: [.command(id, [])] + pieces.prefix(1)))
        #expect(stage.line("cd /soon") == [] && stage.state() == ["True", "0", "sh /soon> "])
        stage.held.receiveVisitor(OutOfProcessClientCarriage.bytes(of: Array(pieces.dropFirst())))
        #expect(stage.state() == ["True", "0", "sh /late> "])
        #expect(stage.shell.ran == ["cd /soon", "cd /late"])
        #expect(stage.line("status 4") == [] && stage.state() == ["False", "4", "sh /late> "])
        // One whose rest never comes changes nothing.
        let other = PSGuid(high: 9, low: 2)
        if case .data(_, let stream, let bytes)? = pieces.first {
            stage.held.receiveVisitor(
                OutOfProcessClientCarriage.bytes(
                    of: [.command(other, []), .data(.pipeline(other), stream, bytes)]
                )
            )
        }
        stage.kill()
        stage.held.endVisit()
        stage.enter()
        #expect(stage.prompt() == ["sh /late> "])
    }

    @Test("A pool that is reset, or gets more runspaces, is asked anew", arguments: [true, false])
    func changedPool(isReset: Bool) {
        let stage = FarStage()
        stage.enter()
        #expect(stage.line("cd /a") == [] && stage.prompt() == ["sh /a> "])
        let message = Message(
            isReset ? .resetRunspaceState : .setMaxRunspaces,
            to: .server,
            runspacePoolID: .zero,
            body: encodeCLIXML(.properties([("MaxRunspaces", .int32(2)), ("ci", .int64(1))]))
        )
        var splitter = FragmentSplitter()
        var fragments = splitter.begin(message.encoded)
        var bytes: [UInt8] = []
        fragments.appendNext(to: &bytes, largest: 32768)
        stage.held.receiveVisitor(OutOfProcessClientCarriage.bytes(of: [.data(.pool, .standard, bytes)]))
        while stage.flight() {}
        let flights = stage.flights
        #expect(stage.prompt() == [isReset ? "sh /home> " : "sh /a> "] && stage.flights > flights)
        #expect(stage.line("cd /b") == [] && stage.state() == ["True", "0", "sh /b> "])
    }
}
