import Foundation
import PSRunTestSupport
import Testing

@testable import Playbooks

/// What PowerShell 7.6.9 says of 340 texts: its parts, and the blocks that these make (Fixtures/blocks.jsonl).
@Suite("A playbook in blocks, as a PowerShell's parser cuts it")
struct PlaybookCutTests {
    struct Answer: Decodable {
        let text: String
        let blocks: [[Int]]
        let length: Int
        let parts: [Int]
        let errors: [Fault]

        struct Fault: Decodable {
            let errorID: String

            init(from decoder: any Decoder) throws {
                var fault = try decoder.unkeyedContainer()
                _ = try (fault.decode(Int.self), fault.decode(Int.self))
                errorID = try fault.decode(String.self)
            }
        }

        func cut() throws -> PlaybookCut? {
            guard let playbook = try? Playbook(bytes: Array(text.utf8)) else { return nil }
            #expect(LinePlaces(playbook).length == length, "\(text.debugDescription)")
            let numbers = parts.map(String.init).joined(separator: " ")
            return PlaybookCut(playbook, parts: try CutPart.list(numbers, length: length))
        }
    }

    static func answers() throws -> [Answer] {
        let path = PackageRoot.path + "/Tests/PlaybooksTests/Fixtures/blocks.jsonl"
        return try Data(contentsOf: URL(filePath: path)).split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(Answer.self, from: $0)
        }
    }

    @Test("Each text of the oracle is cut where its statements end")
    func oracle() throws {
        let answers = try Self.answers()
        #expect(answers.count == 340)
        var playbooks = 0
        for answer in answers {
            guard let cut = try answer.cut() else {
                #expect(answer.blocks.isEmpty || answer.text.contains("\0"), "\(answer.text.debugDescription)")
                continue
            }
            playbooks += 1
            let lines = cut.blocks.map { [$0.statementLine, $0.lastLine] }
            #expect(lines == answer.blocks, "\(answer.text.debugDescription)")
        }
        #expect(playbooks > 320)
    }

    @Test("Blocks take in every line that is not blank or behind the last of them, once and in order")
    func nothingIsLost() throws {
        for answer in try Self.answers() {
            guard let cut = try answer.cut() else { continue }
            let playbook = try Playbook(bytes: Array(answer.text.utf8))
            let taken = cut.blocks.flatMap { $0.lines.map(\.number) }
            #expect(taken == taken.sorted() && Set(taken).count == taken.count)
            let last = taken.last ?? 0
            let left = playbook.lines.filter { $0.number < last && !taken.contains($0.number) }
            #expect(left.allSatisfy { $0.isBlank }, "\(answer.text.debugDescription)")
        }
    }

    @Test("What a parser says of a text that it takes leaves out nothing but blanks, comments and semicolons")
    func nothingElseIsLeftOut() throws {
        var checked = 0
        for answer in try Self.answers() where answer.errors.allSatisfy({ SyntaxProblem.dependsOnState($0.errorID) }) {
            guard let cut = try answer.cut() else { continue }
            let playbook = try Playbook(bytes: Array(answer.text.utf8))
            let numbers = answer.parts.map(String.init).joined(separator: " ")
            let parts = try CutPart.list(numbers, length: answer.length)
            checked += 1
            #expect(throws: Never.self, "\(answer.text.debugDescription)") { try cut.check(playbook, parts: parts) }
        }
        #expect(checked > 230)
    }

    @Test(
        "A line that is in no part, or a part that holds nothing, is told with its line",
        arguments: [
            ("'a'\n'b'\n", [], "line 1 of the playbook is in no part of it"),
            ("'a'\n'b'\n", [0, 0, 3], "line 2 of the playbook is in no part of it"),
            ("'a'\n'b'\n", [0, 4, 7], "line 1 of the playbook is in no part of it"),
            ("'a'\n<# b #> 'c'\n", [0, 0, 3], "line 2 of the playbook is in no part of it"),
            ("'a'\n<# b\n#> 'c'\n", [0, 0, 3, 5, 4, 11], "line 3 of the playbook is in no part of it"),
            ("# a\r'c'\n'b'\n", [0, 8, 11], "line 1 of the playbook is in no part of it"),
            ("'a'\n`\n", [0, 0, 3], "line 2 of the playbook is in no part of it"),
            ("\n'a'\n", [0, 0, 0], "it has a part where line 1 is blank"),
            ("'a'\n  \n", [0, 0, 3, 0, 4, 6], "it has a part where line 2 is blank"),
            ("# c\n\n'a'\n", [0, 4, 5, 0, 5, 8], "it has a part where line 2 is blank"),
            ("'a'\n", [0, 0, 3, 0, 4, 4], ""),
            (
                "'a'\n;; <# b #> ; # c\n \t\n<# d\n#> <# e\n#>;# f\n'g'\n", [0, 0, 3, 5, 24, 31, 5, 32, 39, 0, 44, 47],
                ""
            ),
        ]
    )
    func leftOut(text: String, numbers: [Int], why: String) throws {
        let playbook = try Playbook(bytes: Array(text.utf8))
        let list = numbers.map(String.init).joined(separator: " ")
        let parts = try CutPart.list(list, length: text.utf16.count)
        let cut = PlaybookCut(playbook, parts: parts)
        var told = ""
        do throws(CutError) {
            try cut.check(playbook, parts: parts)
        } catch {
            if case .notUsable(let words) = error { told = words }
        }
        #expect(told == why, "\(text.debugDescription)")
        let wrong = try SyntaxProblem("0 0 UnexpectedToken Unexpected token.")
        #expect(throws: Never.self) {
            try PlaybookCut(playbook, parts: parts, problems: [wrong]).check(playbook, parts: parts)
        }
    }

    @Test("Parts are not more than a text has room for, and many in one line are read in linear time")
    func manyParts() throws {
        let count = 100_000
        let text = String(repeating: "1;", count: count)
        let playbook = try Playbook(bytes: Array(text.utf8))
        let list = (0..<count).map { "0 \($0 * 2) \($0 * 2 + 1)" }.joined(separator: " ")
        let cut = PlaybookCut(playbook, parts: try CutPart.list(list, length: text.utf16.count))
        #expect(cut.blocks.count == 1)
        #expect(throws: CutError.notUsable("it has more parts than the text has room for")) {
            try CutPart.list(String(repeating: "0 0 1 ", count: 7), length: 2)
        }
    }

    @Test("A comment right before a block travels with it, and one behind the last block is not sent")
    func comments() throws {
        let text = "'a'\n\n# help\n\nfunction f { 1 }\n# end\n"
        let playbook = try Playbook(bytes: Array(text.utf8))
        let cut = PlaybookCut(playbook, parts: [CutPart(.statement, 0..<3), CutPart(.statement, 13..<29)])
        #expect(cut.blocks.map { [$0.firstLine, $0.statementLine, $0.lastLine] } == [[1, 1, 1], [3, 5, 5]])
        #expect(cut.blocks[1].text == "# help\n\nfunction f { 1 }")
    }

    @Test(
        "What only declares is known, also where it has a comment; what shares its line with a call is not of the kind",
        arguments: [
            ("function f { 1 }", [[0, 0, 16]], true),
            ("Filter f { 1 }", [[0, 0, 14]], true),
            ("function-x", [[0, 0, 10]], false),
            ("'a'; function f { 1 }", [[0, 0, 3], [0, 5, 21]], false),
            ("class C { }", [[6, 0, 11]], true),
            ("using namespace System", [[2, 0, 22]], true),
            ("param($a)", [[3, 0, 9]], true),
            ("begin { 1 }", [[4, 0, 11]], false),
            ("trap { 1 }", [[1, 0, 10]], true),
            ("Get-Date", [[0, 0, 8]], false),
        ]
    )
    func declarations(text: String, parts: [[Int]], isDeclaration: Bool) throws {
        let playbook = try Playbook(bytes: Array(text.utf8))
        let numbers = parts.flatMap(\.self).map(String.init).joined(separator: " ")
        let cut = PlaybookCut(playbook, parts: try CutPart.list(numbers, length: text.utf16.count))
        #expect(cut.blocks.map(\.isDeclaration) == [isDeclaration])
    }

    @Test(
        "Parts that contradict the text are refused, with what is wrong",
        arguments: ["0 0", "0 0 4", "7 0 1", "0 2 1", "0 -1 1", "0 0 1 x 1 2", "0 0 99999999999999999999"]
    )
    func refused(_ numbers: String) {
        #expect(throws: CutError.self) { try CutPart.list(numbers, length: 3) }
    }

    @Test("An error of the parser has a place, a name and words, which may have line ends")
    func problems() throws {
        let problem = try SyntaxProblem("56 1 TerminatorExpectedAtEndOfString The string\nis: \"missing\".")
        #expect((problem.offset, problem.isIncomplete) == (56, true))
        #expect(problem.errorID == "TerminatorExpectedAtEndOfString")
        #expect(problem.message == "The string\nis: \"missing\".")
        for text in ["", "1", "x 0 A b", "1 2 A b", "-1 0 A b"] {
            #expect(throws: CutError.self) { try SyntaxProblem(text) }
        }
    }

    @Test("Of an error's name and words only so much is kept, in characters that are not joined to others")
    func longProblems() throws {
        let text = "0 0 \(String(repeating: "I", count: 9000)) e\(String(repeating: "\u{301}", count: 9000))"
        let problem = try SyntaxProblem(text)
        #expect(problem.errorID.unicodeScalars.count == 200)
        #expect(problem.message.unicodeScalars.count == 4000)
    }

    @Test("What a restricted language lacks is told by its name's end, and is not a matter of what earlier lines load")
    func restricted() {
        #expect(SyntaxProblem.restrictsLanguage("AssignmentStatementNotSupportedInDataSection"))
        #expect(SyntaxProblem.restrictsLanguage("PropertyReferenceNotSupportedInDataSection,Some.Command"))
        #expect(!SyntaxProblem.restrictsLanguage("UnexpectedToken,NotSupportedInDataSection"))
        #expect(!SyntaxProblem.dependsOnState("AssignmentStatementNotSupportedInDataSection"))
    }

    @Test("What hangs on what an earlier line loads is not a syntax error of the whole")
    func stateDependent() throws {
        let playbook = try Playbook(bytes: Array("'a'\n".utf8))
        let missing = try SyntaxProblem("0 0 TypeNotFound Unable to find type [Yard.Cart].")
        let late = try SyntaxProblem("0 0 UsingMustBeAtStartOfScript A 'using' statement must appear first.")
        #expect(PlaybookCut(playbook, parts: [], problems: [missing]).firstSyntaxError == nil)
        #expect(PlaybookCut(playbook, parts: [], problems: [missing, late]).firstSyntaxError == late)
    }

    @Test("An offset behind the end is on the last line; UTF-16 units are what counts")
    func places() throws {
        let places = LinePlaces(try Playbook(bytes: Array("\u{1F980} = 1\r\n'b'".utf8)))
        #expect(places.length == 11)
        #expect(places.position(of: 7) == (1, 8))
        #expect(places.position(of: 8) == (2, 1))
        #expect(places.position(of: 99) == (2, 4))
    }
}
