import Testing

@testable import WSManEnvelope

@Suite struct FaultTests {
    static func windows(_ code: String, message: String = "Not now.") -> String {
        """
        <s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>w:TimedOut</s:Value></s:Subcode></s:Code>
        <s:Reason><s:Text xml:lang="en-US">Not  now.
        </s:Text></s:Reason><s:Detail><w:FaultDetail>u</w:FaultDetail>
        <f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code="\(code)" Machine="web01">
        <f:Message>\(message)</f:Message></f:WSManFault></s:Detail></s:Fault>
        """
    }

    static let windows = Self.windows("2150858793")

    static let omi = """
        <s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>a:DestinationUnreachable</s:Value></s:Subcode>\
        </s:Code><s:Reason><s:Text xml:lang="en-US">Failed to find command</s:Text></s:Reason><s:Detail>\
        <p:OMI_Error xmlns:p="u"><p:MessageID>OMI:MI_Result:6</p:MessageID></p:OMI_Error></s:Detail></s:Fault>
        """

    private func fault(_ body: String) throws -> WSManFault {
        let reply = try WSManReply(ReplyTests.envelope(body), to: .receive(commandID: nil))
        guard case .fault(let fault) = reply.answer else {
            Issue.record("not a fault")
            return WSManFault()
        }
        return fault
    }

    @Test("A fault has its code, its number, the machine and the server's words, blanks folded")
    func ofWindows() throws {
        let read = try fault(Self.windows)
        #expect(read.code == "Receiver" && read.subcode == "TimedOut" && read.number == .timedOut)
        #expect(read.machine == "web01" && read.reason == "Not now." && read.message == nil && read.detail == nil)
        #expect(read.isTimeout && !read.isUnknown)
    }

    @Test("A fault without WSManFault is readable, and its detail is kept as it stands")
    func ofOMI() throws {
        let read = try fault(Self.omi)
        #expect(read.code == "Sender" && read.subcode == "DestinationUnreachable" && read.number == nil)
        #expect(read.reason == "Failed to find command")
        #expect(
            read.detail == "<p:OMI_Error xmlns:p=\"u\"><p:MessageID>OMI:MI_Result:6</p:MessageID></p:OMI_Error>"
        )
        #expect(read.isUnknown && !read.isTimeout)
        let bare = try fault("<s:Fault><s:Code/><s:Detail>only text</s:Detail></s:Fault>")
        #expect(bare.detail == "only text" && bare.reason == "")
    }

    @Test("A number is read signed and in hexadecimal too")
    func numbers() throws {
        for text in ["2150858793", "-2144108503", "0x80338029", "0X80338029"] {
            #expect(try fault(Self.windows(text)).number == .timedOut)
        }
        for text in ["", "x", "4294967296", "-2147483649", "99999999999999999999", "0x"] {
            #expect(try fault(Self.windows(text)).number == nil)
        }
    }

    @Test("A provider's fault within the fault is part of the server's words, and all texts are bounded")
    func provider() throws {
        let nested = """
            <f:ProviderFault provider="microsoft.powershell" path="x"><f:WSManFault Code="5" Machine="m"><f:Message>No \
            such &lt;thing&gt;</f:Message></f:WSManFault></f:ProviderFault>
            """
        let read = try fault(Self.windows("87", message: nested))
        #expect(read.message == "No such <thing>" && read.number?.rawValue == 87)
        let long = String(repeating: "x", count: 5000)
        #expect(try fault(Self.windows("87", message: long)).message?.count == 4096)
    }

    /// Every code that is told apart, and how.
    static let codes: [(UInt32, WSManError.Code)] =
        [
            (5, .accessDenied), (87, .refused), (995, .shellLost), (1223, .shellLost), (1359, .busy), (1722, .busy),
            (2_150_858_754, .configurationUnknown), (2_150_858_811, .configurationUnknown),
            (2_150_858_767, .notWSMan), (2_150_858_771, .notWSMan), (2_150_858_770, .connectionLost),
            (2_150_859_046, .connectionLost), (2_150_858_790, .tooLarge), (2_150_858_824, .tooLarge),
            (2_150_858_825, .tooLarge), (2_150_858_793, .timedOut), (2_150_858_843, .shellLost),
            (2_150_858_974, .encryptionRequired), (2_150_859_026, .busy), (2_150_859_027, .notWSMan),
            (2_150_859_047, .shellLost), (2_150_859_120, .notWSMan), (2_150_859_121, .notWSMan),
            (2_150_859_161, .redirected), (2_150_859_191, .redirected), (2_150_859_204, .shellLost),
            (2_150_859_230, .shellLost), (2_150_859_206, .shellLost), (2_150_859_212, .shellLost),
            (2_150_859_213, .shellLost), (2_150_859_216, .busy), (2_150_859_229, .configurationUnknown),
            (2_150_859_235, .accessDenied), (0x8054_0BC5, .protocolVersion), (0x8054_0BC7, .protocolVersion),
            (0x8054_0FA0, .refused), (0x8007_0005, .accessDenied), (0x8007_03E3, .shellLost),
        ] + (2_150_859_173...2_150_859_179).map { ($0, .busy) } + (2_150_859_236...2_150_859_241).map { ($0, .busy) }

    @Test("Each fault says what happened, at which host, while what went on, its number, and the way out")
    func meanings() throws {
        for (number, code) in Self.codes {
            let read = try fault(Self.windows(String(number)))
            let error = WSManError(read, to: .create(shellID: "", creationXml: []), host: "web01")
            #expect(error.code == code)
            #expect(error.message.hasPrefix("While opening the shell at web01: "))
            #expect(error.message.contains(": Not now (WSManFault \(number))."))
            #expect(error.wayOut.hasSuffix("."))
            #expect(!error.what.hasSuffix("."))
        }
    }

    @Test("A code that is not known is told with the server's words")
    func unknown() throws {
        let error = WSManError(try fault(Self.windows("4711")), to: .delete, host: "web01")
        #expect(error.message == "While closing the shell at web01: the server refuses it: Not now (WSManFault 4711).")
        let bare = WSManError(try fault("<s:Fault/>"), to: .delete, host: "web01")
        #expect(
            bare.message == "While closing the shell at web01: the server refuses it (SOAP fault without a code)."
        )
        let omi = WSManError(try fault(Self.omi), to: .receive(commandID: nil), host: "web01")
        #expect(omi.code == .shellLost)
        #expect(omi.what.hasSuffix(": Failed to find command (SOAP fault DestinationUnreachable)"))
    }

    @Test(
        "An answer without SOAP is told by its status",
        arguments: [
            (301, .redirected), (302, .redirected), (401, .accessDenied), (403, .accessDenied), (404, .notWSMan),
            (405, .notWSMan), (407, .accessDenied), (413, .tooLarge), (429, .busy), (500, .notWSMan), (503, .busy),
            (502, .connectionLost), (504, .connectionLost), (200, .notWSMan), (418, .notWSMan),
        ] as [(Int, WSManError.Code)]
    )
    func statuses(_ status: Int, _ code: WSManError.Code) {
        let error = WSManError(status: status, isEmpty: true, to: .delete, host: "web01")
        #expect(error.code == code)
        #expect(
            error.message.hasPrefix("While closing the shell at web01: HTTP status \(status) came and no SOAP body: ")
        )
        #expect(error.wayOut.hasSuffix("."))
    }
}
