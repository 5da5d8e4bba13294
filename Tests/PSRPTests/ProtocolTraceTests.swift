import CLIXML
import PSRP
import Testing

/// What `-Debug` tells of a session.
@Suite struct ProtocolTraceTests {
    /// What the trace says of a captured session, in the order of the capture.
    private func trace(of capture: String) throws -> [String] {
        var trace = ProtocolTrace()
        return try Capture(capture).lines.flatMap { line -> [String] in
            guard line.line != "<eof>" else { return [] }
            switch line.dir {
            case .toServer: return trace.lines(of: Array(line.line.utf8), .sent)
            case .toClient: return trace.lines(of: Array(line.line.utf8), .received)
            case .standardError, .exit: return []
            }
        }
    }

    @Test("A session's messages and elements, each in one line")
    func ordinarySession() throws {
        let lines = try trace(of: "server/simple")
        #expect(lines.first == "-> pool     SESSION_CAPABILITY protocol 2.3")
        #expect(lines.contains("<- pool     RUNSPACEPOOL_STATE opened"))
        #expect(lines.contains { $0.hasPrefix("-> ") && $0.contains(" CREATE_PIPELINE '") })
        #expect(lines.contains { $0.hasPrefix("<- ") && $0.hasSuffix(" PIPELINE_STATE completed") })
        #expect(lines.last == "<- pool     CloseAck")
        #expect(lines.allSatisfy { !$0.contains("traced no further") && !$0.contains("\n") })
    }

    @Test("What a person answered is in no line")
    func answersStayOut() throws {
        let lines = try trace(of: "server/prompts-answered")
        #expect(lines.contains { $0.hasSuffix(" PIPELINE_HOST_CALL Prompt") })
        let replies = lines.filter { $0.contains("HOST_RESPONSE") }
        #expect(!replies.isEmpty)
        #expect(replies.allSatisfy { $0.hasSuffix(" PIPELINE_HOST_RESPONSE") }, "\(replies)")
    }

    @Test("Bytes cut anywhere give the same lines, and a stream that is broken is told of once")
    func cutsAndBreaks() throws {
        let bytes = Array(try Capture("server/simple").bytes(.toClient).joined())
        var (whole, cut) = (ProtocolTrace(), ProtocolTrace())
        #expect(whole.lines(of: bytes, .received) == bytes.flatMap { cut.lines(of: [$0], .received) })
        var broken = ProtocolTrace()
        let lines = broken.lines(of: Array("<CommandAck PSGuid='\(PSGuid.zero)' />\n<Nonsense />\n".utf8), .received)
        #expect(lines.count == 2 && lines[1].contains("traced no further"), "\(lines)")
        #expect(broken.lines(of: bytes, .received).isEmpty)
    }
}
