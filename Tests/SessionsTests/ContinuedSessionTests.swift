import CLIXML
import PSRP
import Playbooks
import Testing

@testable import Sessions

@Suite("Sessions that begin behind lines that ran before")
struct ContinuedSessionTests {
    /// Four lines, of which the second and the third are one block for the far side's parser.
    private static let text = "1\n{\n2 }\n3"
    private static let parts = [0, 0, 1, 0, 2, 7, 0, 8, 9]

    private func start(_ through: Int, doubt: ClosedRange<Int>? = nil, refusal: String? = nil) -> SessionStart {
        var start = SessionStart()
        if through > 0 { start.ran = [.init(through: 1, run: "R1")] }
        if through > 1 { start.ran.append(.init(through: through, run: "R2")) }
        start.doubt = doubt.map { .init($0, run: "R2") }
        start.refusal = refusal.map { TargetFailure(code: "LineInDoubt", message: $0) }
        return start
    }

    @Test("Of a playbook that the parser cut, the steps behind the last that ran are sent, and the others named as run")
    func cut() throws {
        var run = try SessionRun(Self.text, .cut(Self.text, Self.parts)) { $0.start = self.start(3) }
        run.start()
        #expect(run.session.client.createdTexts.dropFirst() == ["3", ScriptedClient.wholeProbe])
        let steps = run.result?.steps ?? []
        #expect(steps.map(\.outcome) == [.notSent, .notSent, .ok])
        #expect(steps.map(\.earlierRun) == ["R1", "R2", nil])
        #expect(steps.map(\.firstLine) == [1, 2, 4])
        #expect(run.result?.outcome == .ok && run.result?.linesNotSent == 0)
    }

    @Test("A playbook that is cut line by line goes on behind the last line that ran")
    func incremental() throws {
        var run = try SessionRun("1\n2\n\n# a word\n3") { $0.start = self.start(2) }
        run.start()
        #expect(run.session.client.createdTexts.dropFirst() == ["# a word\n3", ScriptedClient.probe])
        #expect(run.result?.steps.map(\.earlierRun) == ["R1", "R2", nil])
    }

    @Test("A profile is loaded again: it belongs to its session")
    func profile() throws {
        var run = try SessionRun("1\n2") {
            $0.start = self.start(1)
            $0.profile = "/p.ps1"
        }
        run.start()
        #expect(
            run.session.client.createdTexts.filter { $0 != ScriptedClient.probe }.dropFirst() == [". '/p.ps1'", "2"]
        )
    }

    @Test("Where what ran ends within a block of the far side's, nothing is sent")
    func straddling() throws {
        var run = try SessionRun(Self.text, .cut(Self.text, Self.parts)) { $0.start = self.start(2) }
        run.start()
        #expect(run.session.client.createdTexts.count == 1)
        #expect(run.result?.failure?.code == "StartWithinBlock")
        #expect(run.result?.outcome == .notRun)
        #expect(run.result?.steps.map(\.outcome) == [.notSent, .notSent, .notSent])
    }

    @Test("A target with a line in doubt is not entered, and each line keeps what is known of it")
    func held() throws {
        var run = try SessionRun("1\n2\n3") { $0.start = self.start(1, doubt: 2...2, refusal: "line 2 may have run") }
        run.perform { session, now in session.refuse(TargetFailure(code: "LineInDoubt", message: "held"), at: now) }
        #expect(run.session.client.requests.isEmpty)
        #expect(run.result?.outcome == .notRun && run.result?.linesNotSent == 1)
        #expect(run.result?.steps.map(\.outcome) == [.notSent, .unknown, .notSent])
        #expect(run.result?.steps.map(\.earlierRun) == ["R1", "R2", nil])
    }

    @Test("A line in doubt that is not reached again stays in doubt, also where it was to be sent once more")
    func stillInDoubt() throws {
        var run = try SessionRun("1\n2\n3") { $0.start = self.start(1, doubt: 2...2) }
        run.perform { $0.fail(TargetFailure(code: "ConnectionFailed", message: "refused"), at: $1) }
        #expect(run.result?.outcome == .unreachable)
        #expect(run.result?.steps.map(\.outcome) == [.notSent, .unknown, .notSent])
    }

    @Test("With -ErrorAction Stop, what an earlier run left does not end the session")
    func stopsOnError() throws {
        var run = try SessionRun("1\n2\n3") {
            $0.start = self.start(1)
            $0.stopsOnError = true
        }
        run.start()
        #expect(run.outcomes == [.notSent, .ok, .ok])
    }
}

@Suite("Sessions whose recording tells what was not sent, whenever psrun is killed")
struct RecordsBeforeSendingTests {
    @Test("No line is sent before it is recorded that the session is open")
    func opening() throws {
        var run = try SessionRun("1\n2") { $0.recordsBeforeSending = true }
        run.start()
        #expect(run.session.client.createdTexts == [ScriptedClient.question])
        run.perform { $0.openingIsRecorded(at: $1) }
        #expect(run.session.client.createdTexts.contains("1"))
        #expect(run.outcomes == [.ok, .ok])
    }

    @Test("A text of several lines is sent once it is recorded, at its beginning and where it grows")
    func several() throws {
        let client = ScriptedClient(["if ($true) {": [[incomplete]]])
        var run = try SessionRun("if ($true) {\n'yes' }\n\nif ($false) { 1 }\nelse { 2 }", client) {
            $0.recordsBeforeSending = true
        }
        run.start()
        run.perform { $0.openingIsRecorded(at: $1) }
        #expect(run.session.client.createdTexts.last == "if ($true) {")
        run.perform { $0.textIsRecorded(at: $1) }
        #expect(run.session.client.createdTexts.contains("if ($true) {\n'yes' }"))
        #expect(!run.session.client.createdTexts.contains("if ($false) { 1 }\nelse { 2 }"))
        run.perform { $0.textIsRecorded(at: $1) }
        #expect(run.outcomes == [.ok, .ok])
    }

    @Test("A text that waits for its record is not sent where the session is to stop, or breaks")
    func stopped() throws {
        for stop in [true, false] {
            var run = try SessionRun("if ($false) { 1 }\nelse { 2 }\n2") { $0.recordsBeforeSending = true }
            run.start()
            run.perform { $0.openingIsRecorded(at: $1) }
            run.perform { session, now in
                if stop {
                    session.stop(.interrupt, at: now)
                } else {
                    session.fail(TargetFailure(code: "ConnectionLost", message: "reset"), at: now)
                }
            }
            if stop { run.session.client.tell(.closed) }
            run.settle()
            run.perform { $0.textIsRecorded(at: $1) }
            #expect(run.session.client.createdTexts == [ScriptedClient.question])
            #expect(run.outcomes == [.notSent, .notSent], "\(String(describing: run.result))")
            #expect(run.result?.outcome == (stop ? .notRun : .broken))
        }
    }
}
