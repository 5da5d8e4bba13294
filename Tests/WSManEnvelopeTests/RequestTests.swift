import CLIXML
import Testing

@testable import WSManEnvelope

@Suite struct RequestTests {
    static func request(_ operation: WSManOperation, shellID: String? = "SHELL") -> WSManRequest {
        WSManRequest(
            endpoint: WSManEndpoint(address: "http://web01:5985/wsman?a=1&b=2", host: "web01"),
            messageID: PSGuid(high: 0xABCD_EF01_2345_6789, low: 1),
            sessionID: PSGuid(high: 2, low: 3),
            shellID: shellID,
            envelopeSize: 153_600,
            operation: operation
        )
    }

    private func text(_ operation: WSManOperation, shellID: String? = "SHELL") -> String {
        String(decoding: Self.request(operation, shellID: shellID).encoded, as: UTF8.self)
    }

    @Test("A header is in the order that Windows takes, and GUIDs are in upper case")
    func header() {
        #expect(
            text(.receive(commandID: "C")).hasPrefix(
                """
                <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" \
                xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" \
                xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" \
                xmlns:p="http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd" \
                xmlns:rsp="http://schemas.microsoft.com/wbem/wsman/1/windows/shell">\
                <s:Header><a:Action s:mustUnderstand="true">\
                http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Receive</a:Action>\
                <p:DataLocale s:mustUnderstand="false" xml:lang="en-US"/>\
                <w:Locale s:mustUnderstand="false" xml:lang="en-US"/>\
                <w:MaxEnvelopeSize s:mustUnderstand="true">153600</w:MaxEnvelopeSize>\
                <a:MessageID>uuid:ABCDEF01-2345-6789-0000-000000000001</a:MessageID>\
                <w:OperationTimeout>PT20S</w:OperationTimeout><a:ReplyTo><a:Address s:mustUnderstand="true">\
                http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>\
                <w:ResourceURI s:mustUnderstand="true">\
                http://schemas.microsoft.com/powershell/Microsoft.PowerShell</w:ResourceURI>\
                <p:SessionId s:mustUnderstand="false">uuid:00000000-0000-0002-0000-000000000003</p:SessionId>\
                <a:To>http://web01:5985/wsman?a=1&amp;b=2</a:To>\
                <w:OptionSet s:mustUnderstand="true">\
                <w:Option Name="WSMAN_CMDSHELL_OPTION_KEEPALIVE">True</w:Option></w:OptionSet>\
                <w:SelectorSet><w:Selector Name="ShellId">SHELL</w:Selector></w:SelectorSet></s:Header><s:Body>
                """
            )
        )
    }

    @Test(
        "Each operation has the body of its kind",
        arguments: [
            (
                .create(shellID: "A", creationXml: [1, 2, 3]),
                "<rsp:Shell ShellId=\"A\" Name=\"Runspace1\"><rsp:InputStreams>stdin pr</rsp:InputStreams>"
                    + "<rsp:OutputStreams>stdout</rsp:OutputStreams>"
                    + "<creationXml xmlns=\"http://schemas.microsoft.com/powershell\">AQID</creationXml></rsp:Shell>"
            ),
            (
                .command(commandID: "C", arguments: [1, 2, 3]),
                "<rsp:CommandLine CommandId=\"C\"><rsp:Command></rsp:Command><rsp:Arguments>AQID</rsp:Arguments>"
                    + "</rsp:CommandLine>"
            ),
            (
                .send(.standard, commandID: nil, [1, 2, 3]),
                "<rsp:Send><rsp:Stream Name=\"stdin\">AQID</rsp:Stream></rsp:Send>"
            ),
            (
                .send(.promptResponse, commandID: "C", [1, 2, 3]),
                "<rsp:Send><rsp:Stream Name=\"pr\" CommandId=\"C\">AQID</rsp:Stream></rsp:Send>"
            ),
            (.receive(commandID: nil), "<rsp:Receive><rsp:DesiredStream>stdout</rsp:DesiredStream></rsp:Receive>"),
            (
                .signal(commandID: "C", .stop),
                "<rsp:Signal CommandId=\"C\"><rsp:Code>powershell/signal/crtl_c</rsp:Code></rsp:Signal>"
            ),
            (
                .signal(commandID: "C", .terminate),
                "<rsp:Signal CommandId=\"C\"><rsp:Code>"
                    + "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/signal/Terminate</rsp:Code></rsp:Signal>"
            ),
            (.delete, ""), (.reconnect, ""),
            (
                .disconnect(idleTimeout: 900, .drop),
                "<rsp:Disconnect><rsp:IdleTimeOut>PT900S</rsp:IdleTimeOut><rsp:BufferMode>Drop</rsp:BufferMode>"
                    + "</rsp:Disconnect>"
            ),
            (
                .connect([1, 2, 3]),
                "<rsp:Connect><connectXml xmlns=\"http://schemas.microsoft.com/powershell\">AQID</connectXml></rsp:Connect>"
            ),
            (.connectCommand(commandID: "C"), "<rsp:Connect CommandId=\"C\"/>"),
            (
                .enumerateCommands(shellID: "A"),
                "<n:Enumerate xmlns:n=\"http://schemas.xmlsoap.org/ws/2004/09/enumeration\"><w:OptimizeEnumeration/>"
                    + "<w:MaxElements>32000</w:MaxElements>"
                    + "<w:Filter Dialect=\"http://schemas.dmtf.org/wbem/wsman/1/wsman/SelectorFilter\"><w:SelectorSet>"
                    + "<w:Selector Name=\"ShellId\">A</w:Selector></w:SelectorSet></w:Filter></n:Enumerate>"
            ),
        ] as [(WSManOperation, String)]
    )
    func bodies(_ operation: WSManOperation, _ body: String) {
        #expect(text(operation).hasSuffix("<s:Body>\(body)</s:Body></s:Envelope>"))
    }

    @Test("A configuration's and a server's names cannot leave their places")
    func escaping() {
        var endpoint = WSManEndpoint(address: "a", host: "web01", resourceURI: "\"/><x>&\u{1}\r\n")
        endpoint.skipsMachineProfile = true
        endpoint.idleTimeout = 60
        let request = WSManRequest(
            endpoint: endpoint,
            messageID: .zero,
            sessionID: .zero,
            shellID: "</w:Selector>",
            envelopeSize: 1,
            operation: .create(shellID: "\"", creationXml: [])
        )
        let text = String(decoding: request.encoded, as: UTF8.self)
        #expect(text.contains(">&quot;/&gt;&lt;x&gt;&amp;?&#13;&#10;</w:ResourceURI>"))
        #expect(text.contains(">&lt;/w:Selector&gt;</w:Selector>"))
        #expect(text.contains("<rsp:Shell ShellId=\"&quot;\""))
        #expect(text.contains("<w:Option Name=\"WINRS_NOPROFILE\" MustComply=\"true\">1</w:Option></w:OptionSet>"))
        #expect(text.contains("<rsp:IdleTimeOut>PT60S</rsp:IdleTimeOut><creationXml"))
    }

    @Test("Identify has no header")
    func identify() {
        #expect(text(.identify).contains("<s:Header/><s:Body><i:Identify/></s:Body>"))
    }

    @Test("What a payload's budget allows fits, whatever the operation, and little room is left")
    func budget() {
        let endpoint = Self.request(.delete).endpoint
        for envelope in [8192, 153_600, 512_000] {
            let bytes = [UInt8](repeating: 0, count: endpoint.payloadBudget(envelope: envelope))
            let name = PSGuid.zero.description
            let sizes = [
                WSManOperation.create(shellID: name, creationXml: bytes), .command(commandID: name, arguments: bytes),
                .send(.promptResponse, commandID: name, bytes), .connect(bytes),
            ].map { Self.request($0, shellID: name).encoded.count }
            #expect(sizes.allSatisfy { $0 <= envelope })
            #expect((sizes.max() ?? 0) > envelope - 300)
        }
    }
}
