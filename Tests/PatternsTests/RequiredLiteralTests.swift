import Patterns
import Testing

@Suite struct RequiredLiteralTests {
    @Test(
        "The literal that every match must hold is found",
        arguments: [
            ("needle", "needle"), ("ab.cde", "cde"), ("abcd?e", "abc"), ("abc+de", "abc"), ("ab*cd", "cd"),
            ("x(yz)+long", "long"), (#"10\.0\.0\.1"#, "10.0.0.1"), (#"\bword\b"#, "word"), ("[abc]def", "def"),
            ("größe", "größe"), ("ab{2}cde", "cde"), ("a(?:b|c)de", "de"), ("(?<name>x)ab", "ab"), ("(?=a)bc", "bc"),
            ("[]x]yz", "yz"), ("^start", "start"), ("a}bc", "a}bc"),
        ]
    )
    func isFound(pattern: String, literal: String) throws {
        #expect(try Pattern(pattern).requiredLiterals == [Array(literal.utf8)])
    }

    @Test(
        "A pattern without such a literal has none",
        arguments: [
            "a|b*", "(abc)", "(?i)abc", "(?x)a b c", #"\Qa.b\E"#, #"\x41bc"#, "[[:alpha:]]abc", "(*UCP)abc", "(?#a)bc",
            "a?", ".*", "", "(?(?=a)b|c)d", #"(a)\1bc"#,
        ]
    )
    func isNotGuessed(pattern: String) throws {
        #expect(try Pattern(pattern).requiredLiterals == [])
    }

    @Test("Each alternative has a literal of its own")
    func alternativesHaveOneEach() throws {
        #expect(try Pattern("err(or)?|x+fail$").requiredLiterals == [Array("err".utf8), Array("fail".utf8)])
    }

    @Test("Of several literals the first in a text is found")
    func theFirstOfSomeIsFound() {
        let text = Array("some Error, an error and a fail\u{0}ure".utf8)
        text.withUnsafeBytes { raw in
            let one = LiteralFinder([Array("error".utf8)])
            #expect(one.first(in: raw, from: 0) == 15)
            #expect(one.first(in: raw, from: 16) == nil)
            let anyCase = LiteralFinder([Array("ERROR".utf8)], ignoreCase: true)
            #expect(anyCase.first(in: raw, from: 0) == 5)
            #expect(anyCase.first(in: raw, from: 6) == 15)
            let several = LiteralFinder([Array("l\u{0}u".utf8), Array(", ".utf8)])
            #expect(several.first(in: raw, from: 0) == 10)
            #expect(several.first(in: raw, from: 11) == 30)
        }
    }

    @Test("Without letter case a literal holds only letters whose variants are ASCII")
    func withoutCaseOnlyLettersThatStayInASCIIStand() throws {
        #expect(try Pattern("Disk-full", options: .ignoreCase).requiredLiterals == [Array("-full".utf8)])
        #expect(try Pattern("müde", options: .ignoreCase).requiredLiterals == [Array("de".utf8)])
    }
}
