import CLIXML
import PSRP
import Testing

/// What `-Debug` tells of a session.
@Suite struct ProtocolTraceTests {
    /// What the trace says of a captured session, in the order of the capture.
    private func trace(of capture: String) throws -> [String] {
        var trace = TracedWire()
        return try Capture(capture).lines.flatMap { line -> [String] in
            guard line.line != "<eof>" else { return [] }
            switch line.dir {
            case .toServer: return try trace.sent(Array(line.line.utf8))
            case .toClient: return trace.received(Array(line.line.utf8))
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
        #expect(lines.allSatisfy { !$0.contains("the trace ends here") && !$0.contains("\n") })
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
        var (whole, cut) = (TracedWire(), TracedWire())
        #expect(whole.received(bytes) == bytes.flatMap { cut.received([$0]) })
        var broken = TracedWire()
        let lines = broken.received(Array("<CommandAck PSGuid='\(PSGuid.zero)' />\n<Nonsense PSGuid='0' />\n".utf8))
        #expect(lines.count == 2 && lines[1].contains("the trace ends here"), "\(lines)")
        #expect(broken.received(bytes).isEmpty)
    }
}

/// A trace of bytes in out-of-process framing.
private struct TracedWire {
    private var trace = ProtocolTrace()
    private var client = OutOfProcessClientCarriage(limits: SessionLimits())
    private var server = OutOfProcessServerCarriage(limits: SessionLimits())

    mutating func received(_ bytes: [UInt8]) -> [String] { trace.lines(of: client.receive(bytes)) }

    mutating func sent(_ bytes: [UInt8]) throws -> [String] {
        server.receive(bytes)
        var requests: [CarriageRequest] = []
        while let request = try server.next() { requests.append(request) }
        return trace.lines(of: requests)
    }
}
