import CLIXML
import PSRP
import Playbooks
import Testing

@testable import Sessions

@Suite("Blocks that the far side's parser cut")
struct CutTests {
    private static let text = "function f {\n\n  1\n}\nf\n\n# late\n'b'\n# end\n"
    private static let parts = [0, 0, 19, 0, 20, 21, 0, 30, 33]

    @Test(
        "The question rides on the first prompt, with the playbook's text as its one argument; nothing is asked twice"
    )
    func blocks() throws {
        var run = try SessionRun(Self.text, .cut(Self.text, Self.parts))
        run.start()
        #expect(
            run.session.client.createdTexts == [
                ScriptedClient.question, "function f {\n\n  1\n}", "prompt", "f", ScriptedClient.wholeProbe,
                "# late\n'b'",
                ScriptedClient.wholeProbe,
            ]
        )
        #expect(run.session.client.arguments[0] == [.string(PSString(Self.text))])
        #expect(run.result?.steps.map { [$0.firstLine, $0.lastLine] } == [[1, 4], [5, 5], [7, 8]])
        #expect(run.outcomes == [.ok, .ok, .ok])
        #expect(run.result?.cutter == .parser)
        let told = run.events.compactMap { if case .cut(.parser, let blocks) = $0 { blocks.count } else { nil } }
        #expect(told == [3])
        #expect(run.screen.hasPrefix("[op@web01]: PS /> function f {\n>> \n>>   1\n>> }\n[op@web01]: PS /> f\n"))
    }

    @Test("What can change nothing of `$?` never fails by it, and only the prompt is asked behind it")
    func declarations() throws {
        let text = "/bin/false\nfunction f { 1 }\n'a'\n"
        let client = ScriptedClient.cut(
            text,
            [0, 0, 10, 0, 11, 27, 0, 28, 31],
            [ScriptedClient.wholeProbe: [ScriptedClient.probed(false, "1"), ScriptedClient.probed(false, "1")]]
        )
        var run = try SessionRun(text, client)
        run.start()
        #expect(run.outcomes == [.error, .ok, .error])
        #expect(run.result?.steps.map(\.succeeded) == [false, nil, false])
        #expect(run.result?.steps.map(\.wasAlreadyFalse) == [false, false, true])
    }

    @Test(
        "A syntax error of the whole refuses the target before its first line, with the playbook's own line and column"
    )
    func syntaxError() throws {
        let text = "'a'\nif ($x {\n'b'\n"
        let errors = [
            "11 0 MissingEndParenthesisAfterStatement Missing closing ')'.", "4 1 MissingEndCurlyBrace Missing '}'.",
        ]
        var run = try SessionRun(text, .cut(text, [0, 0, 3, 0, 4, 16], errors: errors))
        run.start()
        #expect(run.session.client.createdTexts == [ScriptedClient.question])
        #expect(run.result?.outcome == .notRun)
        #expect(run.outcomes == [.notSent, .notSent, .notSent])
        let failure = try #require(run.result?.failure)
        #expect(failure.code == "PlaybookSyntaxError")
        #expect(
            failure.message == "op@web01:22: nothing was sent, because the far side's parser finds an error at line 2,"
                + " column 8 of the playbook: Missing closing ')' [MissingEndParenthesisAfterStatement] (and another error)"
        )
    }

    @Test("A type that an earlier line should have loaded is its own block's matter: the lines behind it run")
    func missingType() throws {
        let text = "'a'\nclass L : Y { }\n'b'\n"
        let refusal = ErrorRecord.refusal("Unable to find type [Y].", "TypeNotFound", line: 1)
        let client = ScriptedClient.cut(
            text,
            [0, 0, 3, 6, 4, 19, 0, 20, 23],
            errors: ["14 0 TypeNotFound Unable to find type [Y]."],
            ["class L : Y { }": [[.end(.failed, refusal)]]]
        )
        var run = try SessionRun(text, client)
        run.start()
        #expect(run.outcomes == [.ok, .failed, .ok])
        #expect(run.result?.steps[1].output.contains("[psrun: line:1 of this block is line 2 of the playbook]") == true)
        #expect(run.result?.outcome == .failed)
    }

    @Test("Nothing behind a block that the far side's parser refuses is sent, whoever cut it")
    func refused() throws {
        let text = "'a'\nif ($x {\n'b'\n}\n'c'\n"
        let refusal = ErrorRecord.refusal("Missing ')'.", "MissingEndParenthesisAfterStatement", line: 2)
        for client in [
            ScriptedClient(["if ($x {": [[.end(.failed, refusal)]]]),
            .cut(text, [0, 0, 3, 0, 4, 18, 0, 19, 22], ["if ($x {\n'b'\n}": [[.end(.failed, refusal)]]]),
        ] {
            var run = try SessionRun(text, client)
            run.start()
            #expect(run.outcomes.prefix(2) == [.ok, .failed])
            #expect(run.outcomes.dropFirst(2).allSatisfy { $0 == .notSent })
            #expect(!run.session.client.createdTexts.contains("'c'"))
            #expect(run.result?.failure?.code == "BlockRefused")
        }
    }

    @Test("A step that a restricted language lacks the words for fails alone, whoever cut it: the lines behind it run")
    func restrictedLanguage() throws {
        let text = "'a'\n$x = 1\n'b'\n"
        let refusal = ErrorRecord.refusal(
            "Assignment statements are not allowed in restricted language mode or a Data section.",
            "AssignmentStatementNotSupportedInDataSection",
            line: 1
        )
        for client in [
            ScriptedClient(["$x = 1": [[.end(.failed, refusal)]]]),
            .cut(text, [0, 0, 3, 0, 4, 10, 0, 11, 14], ["$x = 1": [[.end(.failed, refusal)]]]),
        ] {
            var run = try SessionRun(text, client)
            run.start()
            #expect(run.outcomes == [.ok, .failed, .ok])
            #expect(run.result?.failure == nil)
        }
    }

    @Test("A block that the parser cut is not made longer, whatever it fails with")
    func thrown() throws {
        let text = "throw\n'b'\n"
        let client = ScriptedClient.cut(text, [0, 0, 5, 0, 6, 9], ["throw": [[incomplete]]])
        var run = try SessionRun(text, client)
        run.start()
        #expect(run.session.client.createdTexts.filter { $0.hasPrefix("throw") } == ["throw"])
        #expect(run.outcomes == [.failed, .notSent])
    }

    @Test("A far side that may not ask its parser is asked line by line, and the run says so")
    func languageMode() throws {
        let client = ScriptedClient([
            ScriptedClient.question: [
                [.output(.string("ConstrainedLanguage")), .output(.string("CLM> ")), .end(.completed)]
            ]
        ])
        var run = try SessionRun("1\n", client)
        run.start()
        #expect(run.screen == "[op@web01]: CLM> 1\n")
        #expect(run.result?.cutter == .incremental(.languageMode("ConstrainedLanguage")))
        #expect(run.session.client.createdTexts == [ScriptedClient.question, "1", ScriptedClient.probe])
    }

    @Test("Where the question fails, the prompt is asked alone, and blocks are found line by line")
    func questionFails() throws {
        let error = terminatingError("Cannot overwrite variable k", errorID: "VariableNotWritable")
        let client = ScriptedClient([ScriptedClient.question: [[.end(.failed, error)]]])
        var run = try SessionRun("1\n", client)
        run.start()
        #expect(run.screen == "[op@web01]: PS /> 1\n")
        #expect(run.result?.cutter == .incremental(.notAnswered("VariableNotWritable")))
        #expect(run.session.client.createdTexts.prefix(3) == [ScriptedClient.question, "prompt", "1"])
    }

    @Test("A prompt that throws behind the cut costs only the prompt")
    func promptThrows() throws {
        let answer: [ScriptedClient.Act] = [
            .output(.int32(2)), .output(.string("0 0 1")), .output(.int32(0)), .end(.failed, terminatingError("no")),
        ]
        var run = try SessionRun("1\n", ScriptedClient([ScriptedClient.question: [answer]]))
        run.start()
        #expect(run.screen == "[op@web01]: PS>1\n")
        #expect(run.result?.cutter == .parser)
    }

    @Test(
        "A cut of another text, or one that cannot be, ends the target before its first line",
        arguments: [
            [PSValue.int32(3), .string("0 0 1"), .int32(0)], [.int32(2), .string("0 0 3"), .int32(0)],
            [.int32(2), .string("0 0 1")], [.int32(2), .string("0 0 1"), .int32(1)],
            [.int32(2), .string("0 0 1"), .int32(1), .string("nonsense")], [.int32(2), .int32(0), .int32(0)],
            [.int32(.min), .string("0 0 1"), .int32(0)], [.int32(2), .string("0 0 1"), .int32(.max)],
            [.int32(2), .string("0 0 1"), .int32(.min)], [.int32(2), .string(""), .int32(0)],
            [.int32(2), .bytes([1]), .int32(0)],
        ]
    )
    func notUsable(values: [PSValue]) throws {
        let answer = values.map { ScriptedClient.Act.output($0) } + [.end(.completed)]
        var run = try SessionRun("1\n", ScriptedClient([ScriptedClient.question: [answer]]))
        run.start()
        #expect(run.session.client.createdTexts == [ScriptedClient.question])
        #expect(run.result?.failure?.code == "CutNotUsable")
        #expect(run.result?.outcome == .notRun)
    }

    @Test("An exit that the far side asks for in the question ends the session, and nothing more is asked")
    func exitInQuestion() throws {
        for end in [ScriptedClient.Act.end(.completed), .end(.failed, terminatingError("no"))] {
            let acts: [ScriptedClient.Act] = [.host(.setShouldExit, [.int32(7)]), end]
            var run = try SessionRun("1\n", ScriptedClient([ScriptedClient.question: [acts]]))
            run.start()
            #expect(run.session.client.createdTexts == [ScriptedClient.question])
            #expect(run.result?.failure?.code == "SessionEnded")
            #expect(run.outcomes == [.notSent])
        }
    }

    @Test("A question that does not end is stopped by the step's limit, and nothing is sent behind it")
    func endlessQuestion() throws {
        let acts: [ScriptedClient.Act] = (0..<2000).map { .output(.string("\($0)")) }
        var run = try SessionRun("1\n", ScriptedClient([ScriptedClient.question: [acts]])) {
            $0.limits.step = .seconds(3)
            $0.limits.keepalive = .seconds(1000)
        }
        run.start()
        run.wait(.seconds(4))
        #expect(run.session.client.requests.last == .stop)
        run.act(.end(.stopped))
        #expect(run.session.client.createdTexts == [ScriptedClient.question])
        #expect(run.result?.failure?.code == "StepTimeout")
        #expect(run.outcomes == [.notSent])
    }

    @Test("A session that breaks in the question is told to have sent nothing")
    func brokenInQuestion() throws {
        var run = try SessionRun("1\n", ScriptedClient([ScriptedClient.question: [[.output(.int32(2))]]]))
        run.start()
        run.session.client.breakWith(PSRPError(.ended, "The far side ended."))
        run.settle()
        #expect(run.result?.outcome == .broken)
        #expect(run.outcomes == [.notSent])
        #expect(
            run.result?.failure?.message
                == "op@web01:22: the session broke before the first line, and nothing was sent: the far side ended"
        )
    }

    @Test("Of a question's values texts are kept up to one message's worth, and of other objects nothing")
    func outputsAreBounded() throws {
        var outputs = PipelineOutputs()
        let text = PSValue.string(String(repeating: "x", count: 10 << 20))
        for value in [.int32(1), .list([text]), text, text, text, .string("y"), .bool(true)] {
            try outputs.append(value)
        }
        #expect(outputs.values == [.int32(1), .null, text, text, .null, .string("y"), .bool(true)])
    }

    @Test("What is written before the first prompt is bounded, in many pieces and in one")
    func startUpTextIsBounded() {
        for (size, count) in [(1000, 500), (500_000, 1)] {
            var prompt = NextPrompt(isFirst: true)
            for _ in 0..<count { prompt.write(String(repeating: "x", count: size)) }
            #expect((64_000...67_000).contains(prompt.text(label: "web01").utf8.count))
        }
    }

    @Test("A POSIX shell, a wish, and a console's rule are not asked")
    func notAsked() throws {
        for rule in [BlockRule.incremental, .console] {
            var run = try SessionRun("1\n") { $0.blockRule = rule }
            run.start()
            #expect(run.session.client.createdTexts.first == "prompt")
            #expect(run.result?.cutter == (rule == .console ? .console : .incremental(.option)))
        }
        var run = try SessionRun("1\n")
        let table = PSValue.dictionary([(.string("Language"), .string("sh"))])
        run.start(privateData: .dictionary([(.string("PSVersionTable"), table)]))
        #expect(run.session.client.createdTexts.first == "prompt")
        #expect(run.result?.cutter == .incremental(.posixShell))
    }

    @Test("A session that is to end behind the cut runs no line")
    func cutAlone() throws {
        var run = try SessionRun(Self.text, .cut(Self.text, Self.parts)) { $0.endsBehindCut = true }
        run.start()
        #expect(run.session.client.createdTexts == [ScriptedClient.question])
        #expect(run.result?.outcome == .ok)
        #expect(run.outcomes == [.notSent, .notSent, .notSent])
    }

    @Test("A profile runs behind the cut, and before the first block")
    func profile() throws {
        let text = "1\n"
        var run = try SessionRun(text, .cut(text, [0, 0, 1])) { $0.profile = "/p.ps1" }
        run.start()
        #expect(run.session.client.createdTexts.prefix(2) == [ScriptedClient.question, ". '/p.ps1'"])
        #expect(run.result?.steps.map(\.firstLine) == [0, 1])
    }

    @Test("A playbook of comments alone sends nothing and is well")
    func commentsOnly() throws {
        let text = "# a\n<# b\n#>\n"
        var run = try SessionRun(text, .cut(text, [5, 4, 11]))
        run.start()
        #expect(run.session.client.createdTexts == [ScriptedClient.question])
        #expect(run.result?.outcome == .ok)
    }

    @Test("A line of the far side's parser is a line of the playbook, where a lone CR is one of the parser's alone")
    func parserLines() {
        let step = StepText(firstLine: 5, lastLine: 7, text: "a\rb\r\nc\nd")
        #expect((1...5).map { step.playbookLine(ofParserLine: $0) } == [5, 5, 6, 7, 7])
    }
}

extension ErrorRecord {
    /// As a parser refuses a text.
    fileprivate static func refusal(_ message: String, _ errorID: String, line: Int32) -> ErrorRecord {
        let made = ErrorRecord.make(message: message, errorID: errorID, category: 17, reason: "ParseException")
        let invocation = PSValue.properties([("ScriptLineNumber", .int32(line)), ("ScriptName", .string(""))])
        guard let object = made.value.objectValue else { return made }
        let members = object.extended.map {
            $0.name == "InvocationInfo" ? PSProperty("InvocationInfo", invocation) : $0
        }
        let record = PSObject(typeNames: object.typeNames, toString: object.toString, extended: members)
        return ErrorRecord(value: .object(record))
    }
}
