import CLIXML

/// Reads one answer. Envelope, header, body and fault are known by namespace and name; what is in a body by name alone,
/// since servers have it in several namespaces (OMI's lists of shells and its IdentifyResponse).
struct AnswerReader {
    private var xml: XMLReader
    private let textLimit: Int

    init(xml: XMLReader, textLimit: Int) {
        self.xml = xml
        self.textLimit = textLimit
    }

    mutating func read(_ operation: WSManOperation) throws(CLIXMLError) -> Result<WSManReply, EnvelopeError> {
        let envelope = try xml.root()
        guard envelope.namespace == WSManNamespace.soap, envelope.name == "Envelope" else {
            return .failure(EnvelopeError(.malformed, "a document that is not a SOAP envelope"))
        }
        var relatesTo: PSGuid?
        var answer: WSManAnswer?
        while let part = try xml.child(of: envelope) {
            switch (part.namespace, part.name) {
            case (WSManNamespace.soap, "Header"): relatesTo = try self.relatesTo(in: part) ?? relatesTo
            case (WSManNamespace.soap, "Body") where answer == nil: answer = try body(part, operation)
            default: try xml.skip(part)
            }
        }
        try xml.end()
        guard let answer else {
            return .failure(EnvelopeError(.unexpected, "an envelope that does not answer \(operation.name)"))
        }
        return .success(WSManReply(relatesTo: relatesTo, answer: answer))
    }

    private mutating func relatesTo(in header: XMLElement) throws(CLIXMLError) -> PSGuid? {
        var found: PSGuid?
        while let field = try xml.child(of: header) {
            if field.namespace == WSManNamespace.addressing, field.name == "RelatesTo" {
                let text = try xml.text(of: field)
                found = PSGuid(text.suffix(36))
            } else {
                try xml.skip(field)
            }
        }
        return found
    }

    /// - Returns: nil where nothing in the body answers the operation.
    private mutating func body(_ body: XMLElement, _ operation: WSManOperation) throws(CLIXMLError) -> WSManAnswer? {
        var answer: WSManAnswer?
        while let element = try xml.child(of: body) {
            if element.namespace == WSManNamespace.soap, element.name == "Fault" {
                var reader = FaultReader(xml: xml, textLimit: textLimit)
                let fault = try reader.read(element)
                xml = reader.xml
                answer = .fault(fault)
            } else if let read = try self.answer(element, operation) {
                answer = answer ?? read
            }
        }
        return answer ?? (operation.hasAnswer ? nil : .done)
    }

    private mutating func answer(
        _ element: XMLElement,
        _ operation: WSManOperation
    ) throws(CLIXMLError) -> WSManAnswer? {
        switch (operation, element.name) {
        case (.create, "ResourceCreated"): return try created(element)
        case (.command, "CommandResponse"):
            return try firstText("CommandId", in: element).map { .command(commandID: $0) }
        case (.receive, "ReceiveResponse"): return .received(try received(element))
        case (.connect, "ConnectResponse"): return try connected(element)
        case (.identify, "IdentifyResponse"): return .identified(try identity(element))
        case (.enumerateShells, "EnumerateResponse"), (.enumerateCommands, "EnumerateResponse"):
            return try listed(element, operation)
        default:
            try xml.skip(element)
            return nil
        }
    }

    // MARK: - Bodies

    /// wst:ResourceCreated: the address in it may be the anonymous one, its selector is what counts.
    private mutating func created(_ element: XMLElement) throws(CLIXMLError) -> WSManAnswer? {
        var shellID: String?
        while let child = try xml.child(of: element) {
            guard child.name == "ReferenceParameters" else {
                try xml.skip(child)
                continue
            }
            while let parameter = try xml.child(of: child) {
                guard parameter.name == "SelectorSet" else {
                    try xml.skip(parameter)
                    continue
                }
                while let selector = try xml.child(of: parameter) {
                    let isShellID = selector.attribute("Name")?.lowercased() == "shellid"
                    if isShellID { shellID = try text(of: selector) } else { try xml.skip(selector) }
                }
            }
        }
        return shellID.flatMap { $0.isEmpty ? nil : .created(shellID: $0) }
    }

    private mutating func received(_ element: XMLElement) throws(CLIXMLError) -> ReceivedOutput {
        var output = ReceivedOutput()
        while let child = try xml.child(of: element) {
            switch child.name {
            case "Stream" where child.attribute("Name") == "stdout":
                let bytes = try base64(of: child)
                if !bytes.isEmpty { output.streams.append(bytes) }
            case "CommandState":
                let state = child.attribute("State")?.split(separator: "/").last.map(String.init)
                output.state = state.flatMap { ReceivedOutput.CommandState(rawValue: $0) }
                output.exitCode = try firstText("ExitCode", in: child).flatMap { Int64($0) }
            default: try xml.skip(child)
            }
        }
        return output
    }

    private mutating func connected(_ element: XMLElement) throws(CLIXMLError) -> WSManAnswer? {
        var answer: WSManAnswer?
        while let child = try xml.child(of: element) {
            if child.name == "connectResponseXml" {
                answer = .connected(try base64(of: child))
            } else {
                try xml.skip(child)
            }
        }
        return answer
    }

    private mutating func identity(_ element: XMLElement) throws(CLIXMLError) -> WSManIdentity {
        var identity = WSManIdentity()
        while let child = try xml.child(of: element) {
            switch child.name {
            case "ProtocolVersion": identity.protocolVersion = try text(of: child)
            case "ProductVendor": identity.vendor = try text(of: child)
            case "ProductVersion": identity.version = try text(of: child)
            default: try xml.skip(child)
            }
        }
        return identity
    }

    private mutating func listed(
        _ element: XMLElement,
        _ operation: WSManOperation
    ) throws(CLIXMLError) -> WSManAnswer {
        var shells: [ShellDescription] = []
        var commands: [CommandDescription] = []
        var isWhole = false
        while let child = try xml.child(of: element) {
            switch child.name {
            case "Items":
                while let item = try xml.child(of: child) {
                    switch item.name {
                    case "Shell": shells.append(try shell(item))
                    case "Command": commands.append(try command(item))
                    default: try xml.skip(item)
                    }
                }
            case "EndOfSequence":
                isWhole = true
                try xml.skip(child)
            default: try xml.skip(child)
            }
        }
        if case .enumerateShells = operation { return .shells(shells, isWhole: isWhole) }
        return .commands(commands, isWhole: isWhole)
    }

    private mutating func shell(_ element: XMLElement) throws(CLIXMLError) -> ShellDescription {
        var shell = ShellDescription()
        while let child = try xml.child(of: element) {
            switch child.name {
            case "ShellId": shell.shellID = try text(of: child)
            case "Name": shell.name = try text(of: child)
            case "ResourceUri": shell.resourceURI = try text(of: child)
            case "Owner": shell.owner = try text(of: child)
            case "State": shell.state = try text(of: child)
            default: try xml.skip(child)
            }
        }
        return shell
    }

    private mutating func command(_ element: XMLElement) throws(CLIXMLError) -> CommandDescription {
        var command = CommandDescription()
        while let child = try xml.child(of: element) {
            switch child.name {
            case "CommandId": command.commandID = try text(of: child)
            case "CommandState", "State": command.state = try text(of: child)
            default: try xml.skip(child)
            }
        }
        return command
    }

    // MARK: - Parts

    private mutating func text(of element: XMLElement) throws(CLIXMLError) -> String {
        String(decoding: try xml.text(of: element), as: UTF8.self)
    }

    private mutating func base64(of element: XMLElement) throws(CLIXMLError) -> [UInt8] {
        guard let bytes = Base64.decodeSpaced(try xml.text(of: element)) else {
            throw CLIXMLError(.invalidValue, "\(element.name) is not base64", at: 0)
        }
        return bytes
    }

    /// The text of the first child of this name; nil where there is none, or nothing in it.
    private mutating func firstText(_ name: String, in element: XMLElement) throws(CLIXMLError) -> String? {
        var found: String?
        while let child = try xml.child(of: element) {
            if child.name == name, found == nil { found = try text(of: child) } else { try xml.skip(child) }
        }
        return found.flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension WSManOperation {
    /// Whether an answer says anything; else its body may be empty, or be called as its server likes.
    fileprivate var hasAnswer: Bool {
        switch self {
        case .create, .command, .receive, .connect, .identify, .enumerateShells, .enumerateCommands: true
        case .send, .signal, .delete, .disconnect, .reconnect, .connectCommand: false
        }
    }
}
