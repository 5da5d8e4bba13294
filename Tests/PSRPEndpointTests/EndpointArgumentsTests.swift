import CLIXML
import Glibc
import PSRP
import PSRunTestSupport
import Testing

@testable import PSRPEndpoint

@Suite("Arguments reach what runs, or nothing runs")
struct EndpointArgumentsTests {
    typealias Argument = PipelineCommand.Argument

    /// A script as Invoke-Command sends it (ways-in/t2-real).
    private static func script(_ text: PSString, _ arguments: [Argument]) -> PipelineRequest {
        PipelineRequest(statements: [[PipelineCommand(text, isScript: true, arguments: arguments)]])
    }

    private static func positional(_ values: PSValue...) -> [Argument] { values.map { Argument(value: $0) } }

    private static func program(_ name: PSString, _ arguments: [Argument]) -> PipelineRequest {
        PipelineRequest(statements: [[PipelineCommand(name, isScript: false, arguments: arguments)]])
    }

    /// A number as the real client sends it where its spelling is not .NET's own.
    private static func spelled(_ text: String, _ value: PSValue) -> PSValue {
        .object(PSObject(toString: PSString(text), base: .value(value)))
    }

    @Test(
        "A script's arguments are $1, $2, … of its text, and the shell keeps its own",
        arguments: TestedShell.allCases
    )
    func scriptArguments(_ shell: TestedShell) throws {
        let endpoint = try EndpointUnderTest(shell).opened()
        try endpoint.line("set -- mine; x=1")
        let text: PSString = """
            echo "$#:$1:$2:$3"
            alias twice='echo twice'
            twice "$@"
            x=2
            set -- changed
            echo "$1"
            """
        let arguments = Self.positional(.string("a b"), .null, .string("it's $HOME *"))
        let result = try endpoint.run(Self.script(text, arguments))
        #expect(result.text == ["3:a b::it's $HOME *", "twice a b  it's $HOME *", "changed"] && result.errors.isEmpty)
        #expect(try endpoint.line("echo \"$1 $x\"; command -v psrun_line").console == ["mine 2"])
        #expect(try endpoint.run(Self.script("return 7", Self.positional(.int32(1)))).state == .completed)
        #expect(try endpoint.line("echo $?").console == ["7"])
        let here = try endpoint.run(Self.script("cat <<E\n$1\nE", Self.positional(.string("in"))))
        #expect(here.text == ["in"])
    }

    @Test("A script file's text gets its arguments, and a part of a pipeline its own")
    func scriptFile() throws {
        let endpoint = try EndpointUnderTest().opened()
        let file = Self.script("echo from-file\necho $1\n", Self.positional(.string("a1")))
        #expect(try endpoint.run(file).text == ["from-file", "a1"])
        let first = PipelineCommand(
            "echo $1; echo $2",
            isScript: true,
            arguments: Self.positional(.string("b"), .string("a"))
        )
        let second = PipelineCommand("sed s/^/$1/", isScript: true, arguments: Self.positional(.string("x")))
        #expect(try endpoint.run(PipelineRequest(statements: [[first, second]])).text == ["xb", "xa"])
        let two = PipelineRequest(statements: [[first], [second]], noInput: true)
        #expect(try endpoint.run(two).text == ["b", "a"])
    }

    @Test("An open block and a syntax error of a text with arguments are found in the text itself")
    func syntax() throws {
        let endpoint = try EndpointUnderTest().opened()
        let open = try endpoint.run(Self.script("if true; then", Self.positional(.string("a"))))
        #expect(open.failure?.isIncompleteParse == true)
        let wrong = try endpoint.run(Self.script("fi )", Self.positional(.string("a"))))
        #expect(wrong.failure?.reason == "ParseException")
    }

    static let refused: [(PSString, [Argument], String)] = [
        ("echo rm -rf $args/data", positional(.string("/srv/app")), "$args"),
        ("echo ${ARGS}", positional(.string("/srv/app")), "$args"),
        ("ls @args", positional(.string("/srv/app")), "$args"),
        (" param($a,$b) echo $a $b ", positional(.string("one"), .string("two")), "param"),
        ("# a script\n[CmdletBinding()]\nparam ( [string] $a )\necho $a", [], "param"),
        (
            "echo $using:v",
            [
                Argument(
                    name: "--%",
                    value: .dictionary([(.string("JAB1AHMAaQBuAGcAOgB2AA=="), .string("local value"))])
                )
            ],
            "$using:"
        ),
        ("echo $1", [Argument(name: "-Path", value: .string("/srv"))], "-Path"),
        ("echo $1", [Argument(name: "Path", value: .string("/srv"))], "Path"),
        ("echo $1", positional(.dictionary([(.string("a"), .int32(1))])), "a dictionary"),
        ("echo $1", positional(.list([.string("a"), .string("b")])), "a list"),
        ("echo $1", positional(.bytes([1, 2])), "a list"),
        ("echo $1", positional(.secureString([1, 0])), "a secure string"),
        (
            "echo $1",
            positional(.object(PSObject(typeNames: ["Deserialized.A.B"], extended: [PSProperty("x", .int32(1))]))),
            "the type A.B"
        ),
        ("function x { }", [Argument(name: "pathToValidate", value: .string("/tmp"))], "Copy-Item"),
    ]

    @Test("What cannot be handed over is refused before anything runs, with the reason", arguments: refused)
    func refusals(_ text: PSString, _ arguments: [Argument], _ reason: String) throws {
        var session = try EndpointSessionTests.opened()
        let request = Self.script(text, arguments)
        try session.receive(EndpointSessionTests.creation(of: request, PSGuid(high: 1, low: 1)))
        #expect(session.nextRequest() == nil)
        guard case .refused(let message) = EndpointTask(request) else {
            Issue.record("\(text) is not refused")
            return
        }
        #expect(message.contains(reason) && message.contains("Nothing was run"))
        #expect(session.bytesToSend().count > 500)
    }

    @Test("A text that sets args itself, or has no arguments, may read it")
    func ownArgs() throws {
        let endpoint = try EndpointUnderTest().opened()
        #expect(try endpoint.run(Self.script("args=5; echo $args", Self.positional(.int32(1)))).text == ["5"])
        #expect(try endpoint.run(Self.script("unset args; echo [$args]", [])).text == ["[]"])
        #expect(try endpoint.run(Self.script("argsx=6; echo $argsx", Self.positional(.int32(1)))).text == ["6"])
    }

    @Test("A number keeps the spelling that it was written in")
    func spelling() throws {
        let endpoint = try EndpointUnderTest().opened()
        let arguments = Self.positional(
            .string("%s\\n"),
            Self.spelled("1.10", .double(1.1)),
            Self.spelled("007", .int32(7)),
            Self.spelled("1KB", .int32(1024)),
            Self.spelled("0x10", .int32(16)),
            .string("-5"),
            .int32(12)
        )
        #expect(
            try endpoint.run(Self.program("printf", arguments)).text == ["1.10", "007", "1KB", "0x10", "-5", "12"]
        )
        #expect(
            try endpoint.run(Self.script("echo $1", Self.positional(Self.spelled("007", .int32(7))))).text == ["007"]
        )
    }

    @Test("Values of .NET's types are the text of its invariant culture")
    func invariant() {
        func text(_ value: PSValue) -> String? { value.programText }
        let ticks = 639_311_184_784_567_000 as Int64
        #expect(text(.dateTime(PSDateTime(ticks: ticks, zone: .utc))) == "11/24/2026 12:01:18")
        #expect(text(.decimal(PSDecimal(isNegative: true, magnitude: 110, scale: 2))) == "-1.10")
        #expect(text(.timeSpan(PSTimeSpan(ticks: 36_610_000_000))) == "01:01:01")
        #expect(text(.timeSpan(PSTimeSpan(ticks: -(2 * 864_000_000_000 + 5_000_000)))) == "-2.00:00:00.5000000")
        #expect(text(.double(1.5)) == "1.5" && text(.double(1e300)) == "1E+300" && text(.double(0.00001)) == "1E-05")
        #expect(text(.double(-.infinity)) == "-Infinity" && text(.single(.nan)) == "NaN" && text(.double(3)) == "3")
        #expect(text(.bytes([0, 255])) == "0 255")
        #expect(text(.enumeration("System.DayOfWeek", "Monday", 1)) == "Monday")
        #expect(text(.bool(true)) == "True" && text(.char(0x41)) == "A" && text(.null) == nil)
    }

    @Test("None of a program's arguments is left out: bytes and lists are arguments of their own, a null is none")
    func values() throws {
        let endpoint = try EndpointUnderTest().opened()
        let arguments = Self.positional(
            .string("<%s>"),
            .timeSpan(PSTimeSpan(ticks: 600_000_000)),
            .bytes([1, 20]),
            .null,
            .string(""),
            .list([.string("a"), .int32(2), .list([.string("b"), .string("c")])]),
            .decimal(PSDecimal(isNegative: false, magnitude: 10, scale: 1))
        )
        #expect(
            try endpoint.run(Self.program("printf", arguments)).text == ["<00:01:00><1><20><><a><2><b c><1.0>"]
        )
        let joined = Self.program("ls", [Argument(name: "-I:", value: .list([.string("a b"), .string("c")]))])
        #expect(EndpointTask(joined) == .shell(.init(text: "ls '-I:a b' -I:c", isConsole: false, mergesErrors: false)))
        let dictionary = Self.program("rm", Self.positional(.string("-rf"), .dictionary([(.string("a"), .int32(1))])))
        #expect(EndpointTask(dictionary) == .refused(Refusal.noText("a dictionary").message))
    }

    @Test("A pipeline's input of .NET's types is its text, and what has none stops the pipeline")
    func input() throws {
        let endpoint = try EndpointUnderTest().opened()
        let request = PipelineRequest(statements: [[PipelineCommand("cat", isScript: true)]], noInput: false)
        let pipeline = endpoint.client.create(request)
        let values: [PSValue] = [
            .timeSpan(PSTimeSpan(ticks: 600_000_000)), .bytes([1, 2]), Self.spelled("1KB", .int32(1024)),
        ]
        for value in values { try endpoint.client.sendInput(value, to: pipeline) }
        endpoint.client.endInput(of: pipeline)
        #expect(try endpoint.result(of: pipeline).text == ["00:01:00", "1", "2", "1KB"])
        let refused = endpoint.client.create(request)
        try endpoint.client.sendInput(.dictionary([(.string("a"), .int32(1))]), to: refused)
        let result = try endpoint.result(of: refused)
        #expect(result.state == .failed && result.failure?.message.contains("a dictionary") == true)
    }

    @Test("Behind --% an argument is cut at blanks, and %NAME% is the environment's")
    func verbatim() throws {
        let endpoint = try EndpointUnderTest().opened()
        let rest: PSValue = .string("a  \"b c\" x%HOME%y %NO_SUCH% 100% * %")
        let result = try endpoint.run(Self.program("printf", Self.positional(.string("<%s>"), .string("--%"), rest)))
        #expect(result.text == [#"<a><"b><c"><x/y><%NO_SUCH%><100%><*><%>"#])
    }
}
