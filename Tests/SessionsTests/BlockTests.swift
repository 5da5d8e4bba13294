import PSRP
import Playbooks
import Testing

@testable import Sessions

@Suite("Blocks on the wire")
struct BlockTests {
    @Test("An incomplete input is sent again, whole, with the next line")
    func grows() throws {
        var run = try SessionRun(
            "if ($true) {\r\n 'yes'\n}\n2",
            ScriptedClient([
                "if ($true) {": [[incomplete]],
                "if ($true) {\r\n 'yes'": [[incomplete]],
                "if ($true) {\r\n 'yes'\n}": [[.line("yes"), .end(.completed)]],
            ])
        )
        run.start()
        #expect(run.screen == "[op@web01]: PS /> if ($true) {\n>>  'yes'\n>> }\nyes\n[op@web01]: PS /> 2\n")
        let step = try #require(run.result?.steps.first)
        #expect((step.firstLine, step.lastLine) == (1, 3))
        #expect(step.text == "if ($true) {\r\n 'yes'\n}")
        #expect(step.outcome == .ok)
        #expect(run.outcomes == [.ok, .ok])
    }

    @Test("A look-ahead's lines are sent at once, and shown as a block")
    func lookAhead() throws {
        var run = try SessionRun("if ($false) { 1 }\nelse { 2 }")
        run.start()
        #expect(run.session.client.createdTexts[1] == "if ($false) { 1 }\nelse { 2 }")
        #expect(run.screen == "[op@web01]: PS /> if ($false) { 1 }\n>> else { 2 }\n")
    }

    @Test("A block that is open at the end is a failed step that names its first line")
    func openAtEnd() throws {
        var run = try SessionRun("1\n{\n2", ScriptedClient(["{": [[incomplete]], "{\n2": [[incomplete]]]))
        run.start()
        #expect(run.outcomes == [.ok, .failed])
        #expect(run.result?.steps[1].output.contains("line 2") == true)
        #expect(run.result?.steps[1].succeeded == nil)
        #expect(run.result?.outcome == .failed)
        #expect(run.result?.failure?.message.contains("line 2") == true)
    }

    @Test("A block that is too long ends the run: what follows would run out of its place")
    func tooLong() throws {
        var run = try SessionRun("{\n1\n2\n3", ScriptedClient(["{": [[incomplete]], "{\n1": [[incomplete]]])) {
            $0.maximumBlockLines = 2
        }
        run.start()
        #expect(run.outcomes == [.failed, .notSent, .notSent])
        #expect(run.result?.steps[0].lastLine == 2)
    }

    @Test("The console's rule shows the blank line that ends a block")
    func console() throws {
        var run = try SessionRun(
            "@'\nhere\n\ntext\n'@\n\n2",
            ScriptedClient([
                "@'": [[incomplete]],
                "@'\nhere": [[incomplete]],
                "@'\nhere\n\ntext\n'@": [[.line("here"), .line(""), .line("text"), .end(.completed)]],
            ])
        ) { $0.blockRule = .console }
        run.start()
        #expect(
            run.screen == """
                [op@web01]: PS /> @'
                >> here
                >>\u{20}
                >> text
                >> '@
                >>\u{20}
                here

                text
                [op@web01]: PS /> 2

                """
        )
    }
}
