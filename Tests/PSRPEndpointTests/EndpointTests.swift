import CLIXML
import Glibc
import PSRP
import PSRunTestSupport
import Testing

@testable import PSRPEndpoint

@Suite("A session is served")
struct EndpointTests {
    @Test("It says what it is", arguments: TestedShell.allCases)
    func honesty(_ shell: TestedShell) throws {
        let endpoint = try EndpointUnderTest(shell).opened()
        let table = try #require(endpoint.privateData?[key: "PSVersionTable"])
        #expect(table[key: "PSEdition"]?.text == "psrun")
        #expect(table[key: "Language"]?.text == "sh")
        #expect(table[key: "Shell"]?.text == shell.program.name)
        #expect(try endpoint.close() == 0)
    }

    @Test("Lines keep their state, and show what they write line by line", arguments: TestedShell.allCases)
    func lines(_ shell: TestedShell) throws {
        let endpoint = try EndpointUnderTest(shell).opened()
        #expect(try endpoint.line("x=5; cd /usr").state == .completed)
        let result = try endpoint.line("echo \"$x é\"; echo; printf 'no end'")
        #expect(result.console == ["5 é", "", "no end"])
        #expect(result.calls.allSatisfy { !$0.needsReply && $0.method == .writeLine2 })
        #expect(result.state == .completed && result.output.isEmpty && result.errors.isEmpty)
        #expect(try endpoint.line("printf 'a\\377b\\n'").console == ["a\u{FFFD}b"])
        #expect(try endpoint.close() == 0)
    }

    @Test("A line of stderr also brings a record, before it is shown")
    func standardError() throws {
        let endpoint = try EndpointUnderTest().opened()
        let result = try endpoint.line("echo problem >&2")
        #expect(result.console == ["problem"])
        let record = try #require(result.records.first)
        #expect(record["MessageData"]?.text == "problem")
        #expect(record["Tags"]?.elements?.map(\.text) == ["stderr"])
        #expect(record["Source"]?.text == "dash")
        guard case .dateTime? = record["TimeGenerated"] else {
            Issue.record("the record has no time")
            return
        }
        #expect(result.state == .completed && result.errors.isEmpty)
    }

    @Test("The probe is answered without the shell", arguments: TestedShell.allCases)
    func probe(_ shell: TestedShell) throws {
        let endpoint = try EndpointUnderTest(shell).opened()
        let sign = geteuid() == 0 ? "#> " : "> "
        #expect(try endpoint.probe() == [.bool(true), .string(""), .string("\(shell.program.name) /\(sign)")])
        try endpoint.line("cd /usr; (exit 3)")
        #expect(try endpoint.probe() == [.bool(false), .string("3"), .string("\(shell.program.name) /usr\(sign)")])
        #expect(try endpoint.line("echo $?").console == ["3"])
        #expect(try endpoint.probe().first == .bool(true))
        #expect(try endpoint.run(.prompt).text == ["\(shell.program.name) /usr\(sign)"])
        #expect(try endpoint.run(.probe("$global:?")).output == [.bool(true)])
    }

    @Test("An open block is incomplete, a wrong one fails, and neither runs", arguments: TestedShell.allCases)
    func blocks(_ shell: TestedShell) throws {
        let endpoint = try EndpointUnderTest(shell).opened()
        let open = try endpoint.line("echo ran\nif true; then")
        #expect(open.state == .failed && open.console.isEmpty)
        let failure = try #require(open.failure)
        #expect(failure.isIncompleteParse && failure.category == 17)
        #expect(try endpoint.probe().first == .bool(true))
        #expect(try endpoint.line("if true; then\n  echo 'a\n\nb'\nfi").console == ["a", "", "b"])
        let wrong = try endpoint.line("echo ran\nfi )")
        #expect(wrong.state == .failed && wrong.console.isEmpty)
        #expect(wrong.failure?.reason == "ParseException" && wrong.failure?.category == 17)
        #expect(wrong.failure?.message.lowercased().contains("syntax error") == true)
        #expect(try endpoint.probe().first == .bool(false))
        #expect(try endpoint.line("echo $?").console == ["2"])
    }

    @Test("exit asks the client to exit with its status", arguments: TestedShell.allCases)
    func exit(_ shell: TestedShell) throws {
        let endpoint = try EndpointUnderTest(shell).opened()
        let result = try endpoint.line("f() { echo bye; exit 5; }; f")
        #expect(result.console == ["bye"] && result.state == .completed)
        let call = try #require(result.calls.last)
        #expect(call.method == .setShouldExit && call.parameters == [.int32(5)])
        #expect(try endpoint.probe()[1] == .string("5"))
        let later = try endpoint.line("echo later")
        #expect(later.state == .failed && later.console.isEmpty)
        #expect(later.failure?.message == "The session is over: its shell has exited with status 5.")
        #expect(try endpoint.close() == 0)
    }

    @Test("A shell that is killed breaks the session, and its line is lost")
    func death() throws {
        let endpoint = try EndpointUnderTest().opened()
        let pipeline = endpoint.client.create(.line("echo here; kill -9 $$"))
        #expect(throws: PSRPError.self) { try endpoint.pump { _ in false } }
        let result = try #require(endpoint.results[pipeline])
        #expect(result.console == ["here"] && result.state == .failed)
        #expect(result.failure?.message == "The session is over: its shell was killed by signal 9 (SIGKILL).")
        #expect(result.failure?.fullyQualifiedErrorID == ErrorRecord.lostPipelineID)
        #expect(try endpoint.hangUp() == 160)
    }

    @Test("A signal stops what runs, and the session goes on", arguments: TestedShell.allCases)
    func stop(_ shell: TestedShell) throws {
        let endpoint = try EndpointUnderTest(shell).opened()
        try endpoint.line("x=kept")
        let pipeline = endpoint.client.create(.line("echo began; sleep 30; echo never"))
        try endpoint.pump { $0.results[pipeline]?.console == ["began"] }
        usleep(200_000)
        endpoint.client.stop(pipeline)
        let result = try endpoint.result(of: pipeline)
        #expect(result.state == .stopped && result.console == ["began"] && result.records.isEmpty)
        #expect(result.failure?.fullyQualifiedErrorID == "PipelineStopped" && result.failure?.category == 14)
        #expect(try endpoint.line("echo $x").console == ["kept"])
        #expect(try endpoint.close() == 0)
    }

    @Test("Output comes while the line runs, and availability is told meanwhile")
    func streaming() throws {
        let endpoint = try EndpointUnderTest().opened()
        let pipeline = endpoint.client.create(.line("echo first; sleep 30; echo never"))
        try endpoint.pump { $0.results[pipeline]?.console == ["first"] }
        #expect(endpoint.results[pipeline]?.state == nil)
        usleep(100_000)
        endpoint.client.askAvailability()
        try endpoint.pump { $0.availabilityAnswers == 1 }
        endpoint.client.stop(pipeline)
        #expect(try endpoint.result(of: pipeline).state == .stopped)
    }

    @Test("Exit-PSSession, debugger set-up and commands' metadata, as the real client asks for them")
    func entering() throws {
        let endpoint = try EndpointUnderTest().opened()
        let debug = PipelineCommand(
            "__Set-PSDebugMode",
            isScript: false,
            arguments: [.init(name: "-Mode", value: .int32(6))]
        )
        #expect(try endpoint.run(PipelineRequest(statements: [[debug]])).state == .completed)
        let names = ["Out-Default", "Exit-PSSession"]
        let metadata = try endpoint.result(
            of: endpoint.client.createMetadataRequest(CommandMetadataRequest(names: names))
        )
        #expect(metadata.output.first?["Count"]?.int32Value == 2)
        #expect(Set(metadata.output.dropFirst().compactMap { $0["Name"]?.text }) == Set(names))
        #expect(metadata.output.last?["CommandType"]?.int32Value == 8 && metadata.state == .completed)
        let exit = PipelineCommand("Exit-PSSession", isScript: false)
        let out = PipelineCommand("Out-Default", isScript: false)
        let left = try endpoint.run(PipelineRequest(statements: [[exit, out]]))
        #expect(left.calls.map(\.method) == [.popRunspace] && left.state == .completed)
        #expect(try endpoint.close() == 0)
    }

    @Test("Commands with arguments become one line, their arguments unchanged")
    func arguments() throws {
        let endpoint = try EndpointUnderTest().opened()
        let words = ["a b", "$HOME", "it's", "", "* *", "-n", "é;\n"]
        let command = PipelineCommand(
            "printf",
            isScript: false,
            arguments: [.init(value: .string("<%s>"))] + words.map { .init(value: .string($0)) }
                + [
                    .init(name: "-First", value: .null), .init(value: .int32(3)),
                    .init(name: "Name", value: .bool(true)),
                ]
        )
        let out = PipelineCommand("Out-Default", isScript: false)
        let result = try endpoint.run(PipelineRequest(statements: [[command, out]]))
        let expected = (words + ["-First", "3", "-Name", "True"]).map { "<\($0)>" }.joined()
        #expect(result.console.joined(separator: "\n") == expected)
        let sort = PipelineCommand("sort", isScript: false, arguments: [.init(name: "-r", value: .null)])
        let script = PipelineCommand("echo 1\necho 2", isScript: true)
        #expect(try endpoint.run(PipelineRequest(statements: [[script, sort, out]])).console == ["2", "1"])
        let two = PipelineRequest(statements: [[PipelineCommand("echo 1", isScript: true), out], [script, sort, out]])
        #expect(try endpoint.run(two).console == ["1", "2", "1"])
    }

    @Test("Without Out-Default, output and errors are the pipeline's own")
    func raw() throws {
        let endpoint = try EndpointUnderTest().opened()
        let result = try endpoint.run(.probe("echo out; echo err >&2; false"))
        #expect(result.text == ["out"] && result.console.isEmpty && result.state == .completed)
        #expect(result.errors.map(\.message) == ["err"])
        let merging = PipelineRequest(
            statements: [[PipelineCommand("echo err >&2", isScript: true, mergesErrors: true)]]
        )
        let merged = try endpoint.run(merging)
        #expect(merged.errors.isEmpty && merged.output.map { ErrorRecord(value: $0).message } == ["err"])
    }

    @Test("A pipeline's input is the line's")
    func input() throws {
        let endpoint = try EndpointUnderTest().opened()
        let request = PipelineRequest(
            statements: [
                [PipelineCommand("cat; echo end", isScript: true), PipelineCommand("Out-Default", isScript: false)]
            ],
            noInput: false
        )
        let pipeline = endpoint.client.create(request)
        for value in [PSValue.string("one"), .int32(2), .string("drei\nvier")] {
            try endpoint.client.sendInput(value, to: pipeline)
        }
        endpoint.client.endInput(of: pipeline)
        #expect(try endpoint.result(of: pipeline).console == ["one", "2", "drei", "vier", "end"])
        let open = endpoint.client.create(request)
        try endpoint.client.sendInput(.string("early"), to: open)
        try endpoint.pump { $0.results[open]?.console == ["early"] }
        endpoint.client.endInput(of: open)
        #expect(try endpoint.result(of: open).console == ["early", "end"])
        #expect(try endpoint.line("cat; echo none").console == ["none"])
    }

    @Test("What ended a pipeline is rendered as a real server renders it")
    func rendering() throws {
        let endpoint = try EndpointUnderTest().opened()
        let failure = try #require(try endpoint.line("fi").failure)
        let pipeline = endpoint.client.create(.rendering)
        try endpoint.client.sendInput(failure.value, to: pipeline)
        endpoint.client.endInput(of: pipeline)
        #expect(try endpoint.result(of: pipeline).console == ["Error: \(failure.message)"])
    }

    @Test("An unknown command is the shell's to refuse, a NUL the endpoint's")
    func refusals() throws {
        let endpoint = try EndpointUnderTest().opened()
        let unknown = try endpoint.line("Get-ChildItem")
        #expect(unknown.console.count == 2 && unknown.console[0].hasSuffix("Get-ChildItem: not found"))
        #expect(unknown.console[1].contains("POSIX shell"))
        #expect(unknown.state == .completed)
        #expect(try endpoint.probe().first == .bool(false))
        let odd = try endpoint.line("echo a\0b")
        #expect(odd.state == .failed && odd.failure?.message.contains("NUL") == true)
    }
}
