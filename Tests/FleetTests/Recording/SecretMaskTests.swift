import Patterns
import RecordingFormat
import Sessions
import Testing

@testable import Fleet

@Suite("Secrets are masked")
struct SecretMaskTests {
    private func mask(_ secrets: String..., redacting patterns: [String] = []) throws -> SecretMask {
        let mask = SecretMask(patterns: try patterns.map { try Pattern($0, options: .multiline) })
        for secret in secrets { mask.add(secret) }
        return mask
    }

    /// Data that a gate lets out, with each tag as `#`.
    private func recorded(_ items: [RecordedItem], by mask: SecretMask) -> [String] {
        var gate = RedactionGate(mask: mask)
        let passed = items.flatMap { gate.pass([$0], settles: false) } + gate.pass([], settles: true)
        return passed.map { plain($0.data) }
    }

    /// Each tag as `#`.
    private func plain(_ text: String) -> String {
        text.replacing(/\[redacted:[0-9a-f]{8}\]/.matchingSemantics(.unicodeScalar), with: "#")
    }

    private let moment = RunMoment.after(.seconds(1))

    private func output(_ text: String) -> RecordedItem { RecordedItem(.output, moment, text, isStream: true) }

    @Test("A tag is the same for the same secret of a run, and another in another run")
    func tags() throws {
        let (mask, other) = (try mask("hunter2"), try mask("hunter2"))
        let first = mask.masked("hunter2")
        #expect(first.wholeMatch(of: /\[redacted:[0-9a-f]{8}\]/) != nil)
        #expect(mask.masked("aHVudGVyMg==") == first + "==")
        #expect(other.masked("hunter2") != first)
        #expect(try self.mask("hunter2", "hunter3").masked("hunter3") != first)
    }

    @Test("Byte by byte, overlapping ones together, the longest giving the tag")
    func bytes() throws {
        let mask = try mask("abcd", "abcdef", "", "efgh")
        #expect(plain(mask.masked("xabcdx abcdef abcd\u{301}")) == "x#x # #\u{301}")
        #expect(plain(mask.masked("abcdefgh")) == "#")
        #expect(plain(mask.masked("abcdabcd")) == "#")
    }

    @Test("A short secret only as a whole value or line")
    func short() throws {
        let mask = try mask("on")
        #expect(plain(mask.masked("one on one")) == "one on one")
        #expect(plain(mask.masked("on")) == "#")
        #expect(plain(mask.masked("a\non\r\nb\non")) == "a\n#\r\nb\n#")
        #expect(mask.takeNotices().count == 1)
        #expect(mask.takeNotices().isEmpty)
    }

    @Test("In JSON: texts, keys, numbers, bytes and characters, before anything is escaped")
    func json() throws {
        let mask = try mask("k\"1\\2", "12345678")
        func recorded(_ value: JSONValue) -> [String] {
            self.recorded([RecordedItem(.object, moment, value)], by: mask)
        }
        #expect(recorded(["k\"1\\2": ["say k\"1\\2", 1]]) == [##"{"#":["say #",1]}"##])
        #expect(recorded([12_345_678, 1_234_567]) == [##"["#",1234567]"##])
        let bytes = Array("k\"1\\2".utf8)
        #expect(recorded(.array(bytes.map { .integer(Int64($0)) })) == [##""#""##])
        #expect(recorded(.array("k\"1\\2".map { .string(String($0)) })) == [##"["#","","","",""]"##])
    }

    @Test("One host that calls very much secret takes no room from another's secrets, in its output nor in the run's")
    func oneHostFillsNothing() throws {
        let mask = try mask()
        var hostile = RedactionGate(mask: mask)
        for number in 0..<40 {
            // No two of them share anything.
            let numbers = (0..<1_500).map { UInt32(truncatingIfNeeded: ($0 + 1_500 * number + 1) &* 2_654_435_761) }
            hostile.hold(fromFarSide: numbers.map { String($0, radix: 36) }.joined())
        }
        #expect(mask.takeNotices().count == 1)
        for number in 0..<5 {
            var other = RedactionGate(mask: mask)
            other.hold(fromFarSide: "the other's secret \(number)")
            let passed = other.pass([output("say the other's secret \(number)\n")], settles: true)
            #expect(passed.map { plain($0.data) } == ["say #\n"])
            #expect(plain(mask.masked("the other's secret \(number)")) == "#")
        }
    }

    @Test("A secret that the run has no room for is looked for in its own host's words all the same")
    func ownRoom() throws {
        let mask = try mask()
        var gate = RedactionGate(mask: mask)
        let secret = String(repeating: "s", count: 200_000)
        gate.hold(fromFarSide: secret)
        #expect(mask.masked(secret) == secret)
        #expect(plain(gate.masked("say \(secret)")) == "say #")
        let failure = TargetFailure(code: "c", message: "it said \(secret)")
        var result = TargetResult(target: "web01", outcome: .broken, failure: failure)
        result = gate.masked(result)
        #expect(plain(result.failure?.message ?? "") == "it said #")
    }

    @Test("A code of digits: in longer numbers too, in an exit code, and in none of psrun's own numbers and names")
    func digits() throws {
        let mask = try mask("482913", "text", "7")
        #expect(plain(mask.masked("1482913 482,913 48291")) == "1# 482,913 48291")
        var step = StepResult(firstLine: 1, lastLine: 1, text: "exit 482913")
        var other = StepResult(firstLine: 2, lastLine: 2, text: "exit 7")
        (step.lastExitCode, other.lastExitCode) = (482_913, 7)
        var result = TargetResult(target: "web01", outcome: .ok, exitCode: 482_913, steps: [step, other])
        result.durationMicroseconds = 482_913
        var masked = result
        masked.mask { mask.masked($0) }
        #expect(masked.exitCode == nil && masked.steps.map(\.lastExitCode) == [nil, 7])
        #expect(masked.durationMicroseconds == 482_913 && plain(masked.steps[0].text) == "exit #")
        let value: JSONValue = ["text": "482913", "started_us": 482_913, "last_exit_code": 482_913]
        let small: JSONValue = ["exit_code": 7, "duration_us": 7]
        let items = [RecordedItem(.step, moment, value), RecordedItem(.exit, moment, small)]
        #expect(
            recorded(items, by: mask) == [
                ##"{"text":"#","started_us":482913,"last_exit_code":"#"}"##, #"{"exit_code":7,"duration_us":7}"#,
            ]
        )
    }

    @Test("In pieces of one channel, whatever comes between, and in the order in which it came")
    func pieces() throws {
        let mask = try mask("hunter2", redacting: ["key=\\w+"])
        let items: [RecordedItem] = [
            output("hun"), RecordedItem(.information, moment, ["MessageData": "hun"]),
            output("ter2\nhun"), RecordedItem(.information, moment, ["MessageData": "ter2"]),
            output("t key=a"), output("b c"), RecordedItem(.warning, moment, "hunt"),
            RecordedItem(.warning, moment, "er2!"),
        ]
        #expect(
            recorded(items, by: mask) == [
                "#", ##"{"MessageData":"#"}"##, "\nhun", ##"{"MessageData":""}"##, "t #", " c", "#", "!",
            ]
        )
    }

    @Test("What has been let out already stays; what goes on with it does not")
    func late() throws {
        let mask = try mask("hunter2")
        var gate = RedactionGate(mask: mask)
        #expect(gate.pass([output("Say hunt")], settles: false).isEmpty)
        #expect(!gate.isDue(at: .after(.milliseconds(1199))))
        #expect(gate.isDue(at: .after(.milliseconds(1200))))
        #expect(gate.pass([], settles: true).map(\.data) == ["Say hunt"])
        #expect(gate.pass([output("er2 ")], settles: false).map { plain($0.data) } == ["# "])
    }

    @Test("What a pattern has matched once is held from then on, in every form")
    func held() throws {
        let mask = try mask(redacting: ["token=\\K\\w+", "^pin \\K\\d+$"])
        #expect(plain(mask.masked("abc123XYZ\ntoken=abc123XYZ\nabc123XYZ")) == "#\ntoken=#\n#")
        #expect(plain(mask.masked("YWJjMTIzWFla %61bc123XYZ pin 1\npin 98765\n")) == "# # pin 1\npin #\n")
    }

    @Test("A pattern that takes too many steps costs its line, and is told of once")
    func hard() throws {
        let mask = try mask(redacting: ["(a+)+$"])
        let line = String(repeating: "a", count: 5000) + "!"
        #expect(plain(mask.masked("x\n\(line)\ny")) == "x\n#\ny")
        #expect(mask.takeNotices().count == 1)
        #expect(plain(mask.masked(line)) == "#")
        #expect(mask.takeNotices().isEmpty)
    }

    @Test("A playbook in its own encoding")
    func playbook() throws {
        let mask = try mask("hunter2é")
        let text = "login hunter2é now\n"
        let utf8 = mask.masked(playbook: Array(text.utf8))
        #expect(plain(String(decoding: utf8, as: UTF8.self)) == "login # now\n")
        let units = Array("\u{FEFF}\(text)".utf16)
        let little = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        for (bytes, low, high) in [(little, 0, 1), (big, 1, 0)] {
            let masked = mask.masked(playbook: bytes)
            let read: [UInt16] = stride(from: 0, to: masked.count, by: 2).map { index in
                UInt16(masked[index + low]) | UInt16(masked[index + high]) << 8
            }
            #expect(plain(String(decoding: read, as: UTF16.self)) == "\u{FEFF}login # now\n")
        }
        #expect(mask.masked(playbook: [0x61, 0xFF]) == [0x61, 0xFF])
    }
}
