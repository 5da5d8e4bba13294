package import CLIXML

/// A request: what its header says, and its operation.
package struct WSManRequest: Sendable {
    package let endpoint: WSManEndpoint
    /// `wsa:MessageID`, a new one for each request.
    package let messageID: PSGuid
    /// `p:SessionId`, the same for all requests of a client: Reconnect is for the one that it names.
    package let sessionID: PSGuid
    /// The selector `ShellId`, as the server wrote it; nil before there is a shell.
    package let shellID: String?
    /// `w:MaxEnvelopeSize`, in bytes: what this side takes.
    package let envelopeSize: Int
    package let operation: WSManOperation

    package init(
        endpoint: WSManEndpoint,
        messageID: PSGuid,
        sessionID: PSGuid,
        shellID: String?,
        envelopeSize: Int,
        operation: WSManOperation
    ) {
        self.endpoint = endpoint
        self.messageID = messageID
        self.sessionID = sessionID
        self.shellID = shellID
        self.envelopeSize = envelopeSize
        self.operation = operation
    }

    /// The envelope, UTF-8. The header's order is one that Windows takes; without it a must-understand may be refused.
    package var encoded: [UInt8] {
        if case .identify = operation { return Self.identify }
        var writer = EnvelopeWriter(room: 2048 + operation.payload.count / 3 * 4)
        writer.append(Self.start)
        writer.append("<s:Header><a:Action s:mustUnderstand=\"true\">")
        writer.append(text: operation.action)
        writer.append("</a:Action><p:DataLocale s:mustUnderstand=\"false\" xml:lang=\"")
        writer.append(text: endpoint.dataLocale)
        writer.append("\"/><w:Locale s:mustUnderstand=\"false\" xml:lang=\"")
        writer.append(text: endpoint.locale)
        writer.append("\"/><w:MaxEnvelopeSize s:mustUnderstand=\"true\">")
        writer.append(text: String(envelopeSize))
        writer.append("</w:MaxEnvelopeSize><a:MessageID>uuid:")
        writer.append(messageID)
        writer.append("</a:MessageID><w:OperationTimeout>PT")
        writer.append(text: String(operation.timeout(endpoint.times)))
        writer.append("S</w:OperationTimeout><a:ReplyTo><a:Address s:mustUnderstand=\"true\">")
        writer.append(text: WSManNamespace.anonymous)
        writer.append("</a:Address></a:ReplyTo><w:ResourceURI s:mustUnderstand=\"true\">")
        writer.append(text: resourceURI)
        writer.append("</w:ResourceURI><p:SessionId s:mustUnderstand=\"false\">uuid:")
        writer.append(sessionID)
        writer.append("</p:SessionId>")
        writer.append("<a:To>", text: endpoint.address, "</a:To>")
        appendOptions(to: &writer)
        if let shellID {
            writer.append("<w:SelectorSet><w:Selector Name=\"ShellId\">")
            writer.append(text: shellID)
            writer.append("</w:Selector></w:SelectorSet>")
        }
        writer.append("</s:Header><s:Body>")
        operation.appendBody(to: &writer, idleTimeout: endpoint.idleTimeout)
        writer.append("</s:Body></s:Envelope>")
        return writer.bytes
    }

    private var resourceURI: String {
        switch operation {
        case .enumerateShells: WSManNamespace.shell
        case .enumerateCommands: WSManNamespace.shell + "/Command"
        default: endpoint.resourceURI
        }
    }

    /// PowerShell's plug-in demands the protocol's version of Create and Connect, and takes any 2.x; what is spoken is
    /// what PSRP negotiates.
    private func appendOptions(to writer: inout EnvelopeWriter) {
        switch operation {
        case .create, .connect:
            writer.append("<w:OptionSet s:mustUnderstand=\"true\">")
            writer.append("<w:Option Name=\"protocolversion\" MustComply=\"true\">2.3</w:Option>")
            if case .create = operation, endpoint.skipsMachineProfile {
                writer.append("<w:Option Name=\"WINRS_NOPROFILE\" MustComply=\"true\">1</w:Option>")
            }
            writer.append("</w:OptionSet>")
        case .receive:
            writer.append("<w:OptionSet s:mustUnderstand=\"true\">")
            writer.append("<w:Option Name=\"WSMAN_CMDSHELL_OPTION_KEEPALIVE\">True</w:Option></w:OptionSet>")
        default: break
        }
    }

    private static let start: StaticString = """
        <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" \
        xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" \
        xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" \
        xmlns:p="http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd" \
        xmlns:rsp="http://schemas.microsoft.com/wbem/wsman/1/windows/shell">
        """

    private static let identify = Array(
        """
        <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" \
        xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd">\
        <s:Header/><s:Body><i:Identify/></s:Body></s:Envelope>
        """.utf8
    )
}
