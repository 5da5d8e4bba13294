import Patterns
import Testing

@Suite struct PatternTests {
    private static func ranges(_ pattern: String, in text: [UInt8], options: Pattern.Options = []) throws -> [Range<
        Int
    >] {
        try PatternMatcher(Pattern(pattern, options: options)).matches(in: text)
    }

    private static func found(_ pattern: String, in text: String, options: Pattern.Options = []) throws -> [String] {
        let bytes = Array(text.utf8)
        return try ranges(pattern, in: bytes, options: options).map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    @Test("A matcher finds all matches, empty ones too")
    func findsAllMatches() throws {
        #expect(try Self.found("[0-9]+", in: "a1b22c333") == ["1", "22", "333"])
        #expect(try Self.found("b*", in: "abc") == ["", "b", "", ""])
        #expect(try Self.found("|a", in: "aa") == ["", "a", "", "a", ""])
        #expect(try Self.found("x", in: "") == [])
        #expect(try Self.found("^$", in: "") == [""])
    }

    @Test("A matcher looks only for matches that begin within the bounds asked for")
    func looksForNoMoreThanIsAskedFor() throws {
        let matcher = PatternMatcher(try Pattern("a+"))
        let text = Array("aa b a ca aaa".utf8)
        #expect(try matcher.matches(in: text, before: 6) == [0..<2, 5..<6])
        #expect(try matcher.matches(in: text, from: 2, before: 11) == [5..<6, 8..<9, 10..<13])
        #expect(try matcher.matches(in: text, before: 0).isEmpty)
    }

    @Test("A pattern matches characters and not bytes")
    func matchesCharactersNotBytes() throws {
        #expect(try Self.found("^.$", in: "ü") == ["ü"])
        #expect(try Self.found("^.$", in: "🜲") == ["🜲"])
        #expect(try Self.found(#"\w+"#, in: "größe 12") == ["größe", "12"])
        #expect(try Self.found("ÄÖ", in: "äö", options: .ignoreCase) == ["äö"])
        #expect(try Self.found("^b", in: "a\nb") == [])
        #expect(try Self.found("^b", in: "a\nb", options: .multiline) == ["b"])
    }

    @Test("Bytes that are not UTF-8 match nothing")
    func bytesThatAreNoTextMatchNothing() throws {
        let text: [UInt8] = [0xFF, 0x61, 0xC3, 0x62, 0xED, 0xA0, 0x80, 0x63]
        #expect(try Self.ranges("[abc]", in: text) == [1..<2, 3..<4, 7..<8])
        #expect(try Self.ranges("a.b", in: text) == [])
        #expect(try Self.ranges(".", in: [0xC3]) == [])
    }

    @Test("A search that begins at an offset may look behind it")
    func beginsAtAnOffsetAndLooksBehindIt() throws {
        let text = Array("key=1 key=2".utf8)
        let matcher = PatternMatcher(try Pattern("(?<=key=)[0-9]"))
        #expect(try matcher.firstMatch(in: text) == 4..<5)
        #expect(try matcher.firstMatch(in: text, from: 4) == 4..<5)
        #expect(try matcher.firstMatch(in: text, from: 5) == 10..<11)
        #expect(try matcher.firstMatch(in: text, from: 11) == nil)
        #expect(try matcher.firstMatch(in: text, from: 12) == nil)
        #expect(try matcher.firstMatch(in: text.span, from: 5) == 10..<11)
        #expect(matcher.pattern.longestLookbehind == 4)
    }

    @Test("A partial match says from where more text could decide otherwise")
    func saysWhereTextThatGoesOnIsUndecided() throws {
        let matcher = PatternMatcher(try Pattern("secret-[0-9]{4}"))
        #expect(try matcher.partialMatch(in: Array("a secret-12".utf8)) == .undecided(from: 2))
        #expect(try matcher.partialMatch(in: Array("a secret-1234 b".utf8)) == .match(2..<13))
        #expect(try matcher.partialMatch(in: Array("a s".utf8)) == .undecided(from: 2))
        #expect(try matcher.partialMatch(in: Array("nothing!".utf8)) == .nothing)
        let greedy = PatternMatcher(try Pattern("token=[a-z]+"))
        #expect(try greedy.partialMatch(in: Array("token=abc".utf8)) == .undecided(from: 0))
        #expect(try greedy.partialMatch(in: Array("token=abc ".utf8)) == .match(0..<9))
    }

    @Test(
        "A wrong pattern says where it is wrong",
        arguments: [
            ("a(b", 3, "at its end: missing closing parenthesis"),
            ("a)b", 1, "at character 2: unmatched closing parenthesis"),
            ("ü[z-a]", 5, "at character 5: range out of order in character class"),
        ]
    )
    func aWrongPatternSaysWhere(pattern: String, offset: Int, message: String) {
        #expect {
            try Pattern(pattern)
        } throws: { error in
            guard let error = error as? PatternError else { return false }
            return error.code == .invalidPattern && error.offset == offset && error.message == message
        }
    }

    @Test(
        "A pattern that backtracks without end is given up",
        arguments: ["(a+)+$", "(a|aa)+$", "^(a+)+(b|!!)$", "^(([a-z])+.)+[A-Z]([a-z])+$"]
    )
    func noPatternRunsForEver(pattern: String) throws {
        let matcher = PatternMatcher(try Pattern(pattern))
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: 5_000) + [UInt8(ascii: "!")]
        #expect {
            _ = try matcher.matches(in: text)
        } throws: { ($0 as? PatternError)?.code == .tooManySteps }
        // It can be used again.
        #expect(try matcher.firstMatch(in: Array("!".utf8)) == nil)
    }

    @Test("A text of many megabytes is matched")
    func aTextOfManyMegabytesIsMatched() throws {
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: 20 << 20) + Array("needle".utf8)
        #expect(try Self.ranges("ne+dle", in: text) == [20 << 20..<(20 << 20) + 6])
    }
}
