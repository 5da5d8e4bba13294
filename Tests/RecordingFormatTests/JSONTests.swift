import RecordingFormat
import Testing

@Suite struct JSONTests {
    private static func parse(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

    @Test("Values come back as they were written")
    func valuesComeBackAsTheyWere() throws {
        let value: JSONValue = [
            "b": [nil, true, false, 0, -9_007_199_254_740_993, .double(0.1), .double(1e300)], "a": [:], "": [],
            "text": "\"\\/\u{8}\u{c}\n\r\t\u{1f}\u{7f}é🙂",
        ]
        #expect(try JSONValue(parsing: value.compact) == value)
        #expect(try JSONValue(parsing: value.indented) == value)
    }

    @Test("The layout of written JSON is fixed")
    func theLayoutIsFixed() {
        let value: JSONValue = ["a": [1, []], "b": [:]]
        #expect(String(decoding: value.compact, as: UTF8.self) == #"{"a":[1,[]],"b":{}}"#)
        #expect(
            String(decoding: value.indented, as: UTF8.self)
                == "{\n  \"a\": [\n    1,\n    []\n  ],\n  \"b\": {}\n}\n"
        )
    }

    @Test(
        "What is not JSON is refused",
        arguments: [
            "", " ", "tru", "nul", "[1,]", "{\"a\":1,}", "{a:1}", "{\"a\" 1}", "[1 2]", "\"", "\"\\", "\"\\u00", "1 1",
            "-",
            "+", "]",
        ]
    )
    func whatIsNoJSONIsRefused(text: String) {
        #expect(throws: JSONError.self) { try Self.parse(text) }
    }

    @Test("Values within each other are bounded in depth")
    func valuesWithinEachOtherAreBounded() {
        #expect(throws: JSONError.self) { try Self.parse(String(repeating: "[", count: 100_000)) }
    }

    @Test("An error says where it is")
    func theErrorSaysWhere() {
        #expect(throws: JSONError(message: "a value is missing", offset: 4)) { try Self.parse("[1, x]") }
    }

    @Test("Lone surrogates and invalid bytes become replacement characters")
    func loneSurrogatesAndInvalidBytesBecomeReplacementCharacters() throws {
        #expect(try Self.parse(#""\udc00\ud83d\u0041""#) == "\u{FFFD}\u{FFFD}A")
        #expect(try JSONValue(parsing: [0x22, 0xFF, 0x22]) == "\u{FFFD}")
    }

    @Test("What a terminal could take for a command is escaped")
    func whatATerminalCouldTakeForACommandIsEscaped() throws {
        let text = "a\u{7F}\u{9B}31m\u{A0}é\u{202E}\u{2066}\u{2027}│€"
        let json = JSONValue.string(text)
        #expect(String(decoding: json.compact, as: UTF8.self) == #""a\u007f\u009b31m\#u{A0}é\u202e\u2066\#u{2027}│€""#)
        #expect(try JSONValue(parsing: json.compact) == json)
    }

    @Test("What is escaped is escaped wherever it stands in a text, whatever stands around it")
    func whatIsEscapedIsEscapedWhereverItStands() {
        func inner(_ text: String) -> String {
            String(decoding: JSONValue.string(text).compact.dropFirst().dropLast(), as: UTF8.self)
        }
        for value in (0...0xFF).map({ UInt32($0) }) + [0x2028, 0x202E, 0x2066, 0x20AC] {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let character = String(Character(scalar))
            for before in 0...9 {
                for (around, behind) in [("x", 9), (" ", 0), ("~", 8), ("é", 3), ("\"", 2)] {
                    let (head, tail) = (
                        String(repeating: around, count: before), String(repeating: around, count: behind)
                    )
                    let expected = head.map { inner(String($0)) } + [inner(character)] + tail.map { inner(String($0)) }
                    #expect(inner(head + character + tail) == expected.joined())
                }
            }
        }
    }

    @Test("Any second has a date", arguments: [Int64.min, -1, 0, .max]) func anySecondHasADate(second: Int64) {
        #expect(UTCTime(secondsSince1970: second).extended.hasSuffix("Z"))
    }
}
