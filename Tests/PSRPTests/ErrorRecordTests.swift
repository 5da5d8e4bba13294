import CLIXML
import PSRP
import Testing

/// Error records, as real servers send them and as this module makes them.
@Suite struct ErrorRecordTests {
    /// server/parse: what says that a block is not whole yet.
    @Test("A record of an incomplete block is told from other parse errors")
    func incompleteBlocks() throws {
        let records = try endings("server/parse")
        let incomplete = records.filter(\.isIncompleteParse)
        #expect(!incomplete.isEmpty)
        #expect(incomplete.allSatisfy { $0.category == 17 })
        #expect(incomplete.contains { $0.fullyQualifiedErrorID == "MissingEndCurlyBrace" })
        #expect(records.contains { !$0.isIncompleteParse && $0.reason == "ParseException" })
    }

    /// Each record that ended a pipeline of these, in order.
    @Test(
        "What the parser says of a line's own text is told from parse errors that the line came by while it ran",
        arguments: [
            (
                "server-cut/incomplete-or-thrown",
                [.incomplete, nil, nil, .refused, nil, nil, nil, nil]
            ),
            (
                "server-cut/incomplete-or-thrown-more",
                [.incomplete] + [ParserRefusal?](repeating: nil, count: 19) + [.refused, .refused]
            ),
            ("server/parse", .init(repeating: .incomplete, count: 10) + [.refused, .refused, .incomplete]),
            ("server-7.4/parse", .init(repeating: .incomplete, count: 10) + [.refused, .refused, .incomplete]),
        ] as [(String, [ParserRefusal?])]
    )
    func parserRefusals(capture: String, expected: [ParserRefusal?]) throws {
        let records = try endings(capture).filter { !$0.reason.hasPrefix("PipelineStopped") }
        #expect(records.map { $0.refusal(hasOutput: false) } == expected)
        #expect(records.allSatisfy { $0.refusal(hasOutput: true) == nil })
    }

    @Test("A refusal with nothing but its reason, as a shell's endpoint sends it, is a parser's own")
    func refusalsWithoutInvocation() {
        func record(_ reason: String) -> ErrorRecord {
            .make(message: "", errorID: "X", category: 17, reason: reason)
        }
        #expect(record("IncompleteParseException").refusal(hasOutput: false) == .incomplete)
        #expect(record("ParseException").refusal(hasOutput: false) == .refused)
        #expect(record("RuntimeException").refusal(hasOutput: false) == nil)
    }

    /// server/stop
    @Test("A stopped pipeline ends with PowerShell's record for it")
    func stopped() throws {
        let record = try #require(try endings("server/stop").first)
        #expect(record.message == "The pipeline has been stopped.")
        #expect(record.fullyQualifiedErrorID == "PipelineStopped")
        #expect(record.category == 14)
        #expect(record.reason == "PipelineStoppedException")
    }

    @Test("A record that is made here reads back as it was made")
    func ownRecordReadsAsItWasMade() throws {
        let made = ErrorRecord.make(message: "a & b", errorID: "X,Y", category: 13, reason: "ItemNotFoundException")
        #expect(try ErrorRecord(value: decodeCLIXML(encodeCLIXML(made.value))) == made)
        #expect(made.value["ErrorCategory_Message"]?.text == "ObjectNotFound: (:) [], ItemNotFoundException")
        let odd = ErrorRecord.make(message: "", errorID: "", category: 99, reason: "E")
        #expect(odd.value["ErrorCategory_Message"]?.text == "NotSpecified: (:) [], E")
    }

    @Test("What a record lacks is empty")
    func whatIsMissingIsEmpty() {
        let record = ErrorRecord(value: .string("only this"))
        #expect(record.message == "only this")
        #expect(record.fullyQualifiedErrorID == "")
        #expect(record.reason == "")
        #expect(!record.isIncompleteParse)
    }

    @Test("The message of the error details comes before that of the exception")
    func detailsComeFirst() {
        let record = ErrorRecord(
            value: .properties([
                ("Exception", .properties([("Message", .string("exception's"))])),
                ("ErrorCategory_Message", .string("category's")),
                ("ErrorDetails_Message", .string("details'")),
            ])
        )
        #expect(record.message == "details'")
    }

    /// The error records of a capture's pipeline states.
    private func endings(_ name: String) throws -> [ErrorRecord] {
        let lines = try Capture(name).bytes(.toClient).filter { $0.starts(with: "<Data ".utf8) }
        return try messages(in: lines.flatMap(\.self)).filter { $0.type == .pipelineState }.compactMap { message in
            try message.value(limits: .standard)["ExceptionAsErrorRecord"].map(ErrorRecord.init(value:))
        }
    }
}
