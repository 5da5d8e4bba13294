import Testing
import YAML

struct YAMLReaderTests {
    @Test(
        "A word without quotes has the type that YAML 1.1 gives it",
        arguments: [
            ("~", "null"), ("", "null"), ("null", "null"), ("nul", "'nul'"), ("yes", "true"), ("No", "false"),
            ("oN", "'oN'"), ("y", "'y'"), ("0", "0"), ("-0", "0"), ("0644", "420"), ("0o644", "'0o644'"),
            ("08", "'08'"),
            ("0x1F", "31"), ("0b11", "3"), ("1_000", "1000"), ("22:22", "1342"), ("190:20:30", "685230"),
            ("00:11:22", "'00:11:22'"), ("1:60", "'1:60'"), ("+7", "7"), ("1.10", "1.1"), ("1.", "1.0"), (".5", "0.5"),
            ("-.5", "'-.5'"), ("1e3", "'1e3'"), ("1.0e+3", "1000.0"), ("1.5e3", "'1.5e3'"), ("1:30.5", "90.5"),
            (".inf", "inf"), ("-.INF", "-inf"), (".nan", "nan"), ("10.0.0.1", "'10.0.0.1'"),
            ("9223372036854775808", "9223372036854775808"), ("-9223372036854775808", "-9223372036854775808"),
            ("2026-01-02", "2026-01-02"), ("2026-1-2", "'2026-1-2'"),
            ("2026-01-02T03:04:05.50Z", "2026-01-02T03:04:05.500000+00:00"),
            ("2026-01-02 3:04:05 -1:30", "2026-01-02T03:04:05-01:30"), ("'yes'", "'yes'"), ("\"a\\tb\"", "'a\tb'"),
            ("!!str 007", "'007'"), ("!!int \"0x10\"", "16"), ("!!float 1", "1.0"), ("!!null x", "null"),
        ]
    )
    func types(word: String, expected: String) throws {
        #expect(text(try yaml("a: \(word)\n").root) == "{'a': \(expected)}")
    }

    @Test(
        "What is not a value is refused with its line",
        arguments: [
            ("a: 1\n\tb: 2\n", YAMLFailure.Code.invalidYAML, 2), ("a: [1\n", .invalidYAML, 2),
            ("a: 1\n---\nb: 2\n", .severalDocuments, 2),
            ("a:\n  - *x\n", .invalidYAML, 2), ("a: &x [*x]\n", .invalidYAML, 1),
            ("a: &x 1\nb: &x 2\n", .invalidYAML, 2),
            ("a: 1\nb: !foo 1\n", .unknownTag, 2), ("? [a]\n: 1\n", .invalidYAML, 1), ("a: =\n", .invalidYAML, 1),
            ("a: <<\n", .invalidYAML, 1), ("<<: 1\n", .invalidYAML, 1), ("a: 2026-13-01\n", .invalidYAML, 1),
            ("a: 0b_\n", .invalidYAML, 1), ("a: !!int x\n", .invalidYAML, 1), ("a: 1\nb: \u{1}\n", .invalidYAML, 2),
        ]
    )
    func refused(text: String, code: YAMLFailure.Code, line: Int) {
        let failure = #expect(throws: YAMLFailure.self) { try yaml(text) }
        #expect(failure?.code == code)
        #expect(failure?.line == line)
        #expect(failure?.reason.isEmpty == false)
    }

    @Test("Bytes that are not UTF-8 are refused with their line")
    func notUTF8() {
        let failure = #expect(throws: YAMLFailure.self) { try YAMLReader.yaml(Array("a: 1\nb: ".utf8) + [0xFF]) }
        #expect(failure?.line == 2)
    }

    @Test("An empty text is null, and so is one of comments")
    func empty() throws {
        for nothing in ["", "# c\n", "---\n", "--- ~\n"] { #expect(try yaml(nothing).root.isNull) }
    }

    @Test(
        "Aliases and merged mappings take over what they name; the first of two counts, and the mapping itself over both"
    )
    func merges() throws {
        let base = "a: &a {xx: 1, yy: 1}\nb: &b {xx: 2, zz: 2}\n"
        #expect(
            text(try value("c: {<<: [*a, *b], yy: 5, ww: 0}\n", after: base)) == "{'xx': 1, 'yy': 5, 'zz': 2, 'ww': 0}"
        )
        #expect(
            text(try value("c: {<<: *b, '<<': *a}\n", after: base)) == "{'xx': 2, 'zz': 2, '<<': {'xx': 1, 'yy': 1}}"
        )
        #expect(text(try value("c: [*a, *a]\n", after: base)) == "[{'xx': 1, 'yy': 1}, {'xx': 1, 'yy': 1}]")
    }

    @Test("A key that stands twice has its last value at its first place, and is told with its line")
    func repeatedKeys() throws {
        let document = try yaml("a: 1\nb: 2\na: 3\n1: x\ntrue: y\n")
        #expect(text(document.root) == "{'a': 3, 'b': 2, 1: 'y'}")
        #expect(document.repeatedKeys.map(\.line) == [3, 5])
        #expect(try YAMLReader.json(Array(#"{"a": 1, "a": 2}"#.utf8)).repeatedKeys.map(\.key) == ["a"])
    }

    @Test("Keys that look alike and are of different bytes are two")
    func exactKeys() throws {
        #expect(try yaml("\u{E9}: 1\ne\u{301}: 2\n").root.map?.count == 2)
    }

    @Test("Lines are those of the text")
    func lines() throws {
        let map = try #require(try yaml("a: 1\n# c\nb:\n  - x\n  - {c: 2}\n").root.map)
        #expect(map["b"]?.line == 4)
        #expect(map["b"]?.list?.last?.map?["c"]?.line == 5)
        let object = try #require(try YAMLReader.json(Array("{\n\"a\":\n1}".utf8)).root.map)
        #expect(object["a"]?.line == 3)
        #expect(object["a"]?.source == "1")
    }

    @Test("Nesting and what aliases unfold to are bounded")
    func bounds() {
        let deep = String(repeating: "[", count: 70) + String(repeating: "]", count: 70)
        for failure in [
            #expect(throws: YAMLFailure.self) { try yaml(deep) },
            #expect(throws: YAMLFailure.self) { try YAMLReader.json(Array(deep.utf8)) },
        ] {
            #expect(failure?.code == .tooDeep)
        }
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<12 {
            let aliases = [String](repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            bomb += "a\(level): &a\(level) [\(aliases)]\n"
        }
        let failure = #expect(throws: YAMLFailure.self) { try yaml(bomb) }
        #expect(failure?.code == .tooLarge)
    }

    @Test(
        "JSON is read as Python reads it",
        arguments: [
            ("{\"a\": [1, -2.5, 1e3, true, null]}", "{'a': [1, -2.5, 1000.0, true, null]}"),
            ("\"a\\u00e9\\ud83d\\ude00\\n\"", "'aé😀\n'"),
            (" [ ] ", "[]"), ("{}", "{}"), ("NaN", "nan"), ("-Infinity", "-inf"),
            ("123456789012345678901", "123456789012345678901"),
        ]
    )
    func json(text: String, expected: String) throws {
        #expect(self.text(try YAMLReader.json(Array(text.utf8)).root) == expected)
    }

    @Test(
        "What is not JSON is refused",
        arguments: [
            "", "{", "[1,]", "{\"a\":1,}", "{'a':1}", "01", "1.", ".5", "+1", "1e", "tru", "\"a", "\"\n\"", "\"\\x\"",
            "[1] 2", "\"\\u12\"",
        ]
    )
    func notJSON(text: String) {
        #expect(throws: YAMLFailure.self) { try YAMLReader.json(Array(text.utf8)) }
    }

    @Test("A text that is both is JSON")
    func both() throws {
        #expect(text(try YAMLReader.jsonOrYAML(Array("{\"a\": 1e3}".utf8)).root) == "{'a': 1000.0}")
        #expect(text(try YAMLReader.jsonOrYAML(Array("{\"a\": 1e3, b: 1}".utf8)).root) == "{'a': '1e3', 'b': 1}")
    }

    @Test("A dialect's tags and wrappers mean what it says")
    func dialect() throws {
        let dialect = YAMLDialect(tags: ["!plain": .plain, "!secret": .encrypted], wrappers: ["__secret": .encrypted])
        let map = try YAMLReader.yaml(Array("a: !plain 5\nb: !secret x\n".utf8), dialect: dialect).root.map
        #expect(text(map?["a"]) == "5")
        #expect(map?["b"]?.kind == "an encrypted value")
        let wrapped = try YAMLReader.json(Array(#"{"a": {"__secret": "x"}}"#.utf8), dialect: dialect).root.map
        #expect(wrapped?["a"]?.kind == "an encrypted value")
    }

    @Test("A value is written as JSON that is read back as the same")
    func json() throws {
        let text = #"{"a":[1,-2.5,true,null,"q\"\\\n\u0001é"],"1":{"true":"2026-01-02"}}"#
        let document = try yaml("a: [1, -2.5, yes, ~, \"q\\\"\\\\\\n\\x01é\"]\n1: {yes: 2026-01-02}\n")
        #expect(document.root.json == text)
        #expect(try YAMLReader.json(Array(text.utf8)).root.json == text)
        #expect(try yaml("[.nan, .inf, 9223372036854775808]\n").root.json == "[null,null,9223372036854775808]")
    }

    private func yaml(_ text: String) throws(YAMLFailure) -> YAMLDocument {
        try YAMLReader.yaml(Array(text.utf8))
    }

    private func value(_ text: String, after base: String) throws -> YAMLNode? {
        try yaml(base + text).root.map?["c"]
    }

    private func text(_ node: YAMLNode?) -> String {
        switch node?.value {
        case nil: "nothing"
        case .null: "null"
        case .boolean(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .largeInteger(let digits): digits
        case .string(let text): "'\(text)'"
        case .timestamp(let text): text
        case .encrypted(let text): "encrypted \(text)"
        case .list(let items): "[\(items.map { text($0) }.joined(separator: ", "))]"
        case .map(let map):
            "{\(map.entries.map { "\(text($0.key)): \(text($0.value))" }.joined(separator: ", "))}"
        }
    }
}
