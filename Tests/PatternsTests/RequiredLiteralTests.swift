import Patterns
import Testing

@Suite struct RequiredLiteralTests {
    @Test(arguments: [
        ("needle", "needle"), ("ab.cde", "cde"), ("abcd?e", "abc"), ("abc+de", "abc"), ("ab*cd", "cd"),
        ("x(yz)+long", "long"), (#"10\.0\.0\.1"#, "10.0.0.1"), (#"\bword\b"#, "word"), ("[abc]def", "def"),
        ("größe", "größe"), ("ab{2}cde", "cde"), ("a(?:b|c)de", "de"), ("(?<name>x)ab", "ab"), ("(?=a)bc", "bc"),
        ("[]x]yz", "yz"), ("^start", "start"), ("a}bc", "a}bc"),
    ])
    func isFound(pattern: String, literal: String) throws {
        #expect(try Pattern(pattern).requiredLiteral == Array(literal.utf8))
    }

    @Test(arguments: [
        "a|b", "(abc)", "(?i)abc", "(?x)a b c", #"\Qa.b\E"#, #"\x41bc"#, "[[:alpha:]]abc", "(*UCP)abc", "(?#a)bc",
        "a?", ".*", "", "(?(?=a)b|c)d", #"(a)\1bc"#,
    ])
    func isNotGuessed(pattern: String) throws {
        #expect(try Pattern(pattern).requiredLiteral == nil)
    }

    @Test func withoutCaseOnlyLettersThatStayInASCIIStand() throws {
        #expect(try Pattern("Disk-full", options: .ignoreCase).requiredLiteral == Array("-full".utf8))
        #expect(try Pattern("müde", options: .ignoreCase).requiredLiteral == Array("de".utf8))
    }
}
