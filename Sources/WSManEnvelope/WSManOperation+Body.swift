extension WSManOperation {
    /// Bytes that travel as base64.
    package var payload: [UInt8] {
        switch self {
        case .create(_, let bytes), .command(_, let bytes), .send(_, _, let bytes), .connect(let bytes): bytes
        default: []
        }
    }

    /// `w:OperationTimeout`, in seconds.
    func timeout(_ times: WSManTimes) -> Int {
        switch self {
        case .receive: times.receive
        case .signal, .delete: times.cancel
        default: times.operation
        }
    }

    func appendBody(to writer: inout EnvelopeWriter, idleTimeout: Int?) {
        switch self {
        case .create(let shellID, let bytes):
            writer.append("<rsp:Shell ShellId=\"", text: shellID, "\" Name=\"Runspace1\">")
            writer.append("<rsp:InputStreams>stdin pr</rsp:InputStreams>")
            writer.append("<rsp:OutputStreams>stdout</rsp:OutputStreams>")
            if let idleTimeout {
                writer.append("<rsp:IdleTimeOut>PT", text: String(idleTimeout), "S</rsp:IdleTimeOut>")
            }
            writer.append("<creationXml xmlns=\"http://schemas.microsoft.com/powershell\">")
            writer.append(base64: bytes)
            writer.append("</creationXml></rsp:Shell>")
        case .command(let commandID, let bytes):
            // The script's text would stand here in the clear, and in a server's log.
            writer.append("<rsp:CommandLine CommandId=\"", text: commandID, "\"><rsp:Command></rsp:Command>")
            writer.append("<rsp:Arguments>")
            writer.append(base64: bytes)
            writer.append("</rsp:Arguments></rsp:CommandLine>")
        case .send(let stream, let commandID, let bytes):
            writer.append("<rsp:Send><rsp:Stream Name=\"", text: stream.rawValue, "\"")
            append(commandID, to: &writer)
            writer.append(">")
            writer.append(base64: bytes)
            writer.append("</rsp:Stream></rsp:Send>")
        case .receive(let commandID):
            writer.append("<rsp:Receive><rsp:DesiredStream")
            append(commandID, to: &writer)
            writer.append(">stdout</rsp:DesiredStream></rsp:Receive>")
        case .signal(let commandID, let signal):
            writer.append("<rsp:Signal CommandId=\"", text: commandID, "\">")
            writer.append("<rsp:Code>", text: signal.rawValue, "</rsp:Code></rsp:Signal>")
        case .delete, .reconnect, .identify: break
        case .disconnect(let idleTimeout, let bufferMode):
            writer.append("<rsp:Disconnect>")
            if let idleTimeout {
                writer.append("<rsp:IdleTimeOut>PT", text: String(idleTimeout), "S</rsp:IdleTimeOut>")
            }
            if let bufferMode {
                writer.append("<rsp:BufferMode>", text: bufferMode.rawValue, "</rsp:BufferMode>")
            }
            writer.append("</rsp:Disconnect>")
        case .connect(let bytes):
            writer.append("<rsp:Connect><connectXml xmlns=\"http://schemas.microsoft.com/powershell\">")
            writer.append(base64: bytes)
            writer.append("</connectXml></rsp:Connect>")
        case .connectCommand(let commandID):
            writer.append("<rsp:Connect CommandId=\"", text: commandID, "\"/>")
        case .enumerateShells: appendEnumerate(to: &writer, shellID: nil)
        case .enumerateCommands(let shellID): appendEnumerate(to: &writer, shellID: shellID)
        }
    }

    private func append(_ commandID: String?, to writer: inout EnvelopeWriter) {
        guard let commandID else { return }
        writer.append(" CommandId=\"", text: commandID, "\"")
    }

    private func appendEnumerate(to writer: inout EnvelopeWriter, shellID: String?) {
        writer.append("<n:Enumerate xmlns:n=\"http://schemas.xmlsoap.org/ws/2004/09/enumeration\">")
        writer.append("<w:OptimizeEnumeration/><w:MaxElements>32000</w:MaxElements>")
        if let shellID {
            writer.append("<w:Filter Dialect=\"", text: WSManNamespace.selectorFilter, "\"><w:SelectorSet>")
            writer.append("<w:Selector Name=\"ShellId\">", text: shellID, "</w:Selector>")
            writer.append("</w:SelectorSet></w:Filter>")
        }
        writer.append("</n:Enumerate>")
    }
}
