import CLIXML
import WSManEnvelope

/// A request's envelope, as a server reads it: the header's fields that matter here, and the operation.
struct ServerRequest {
    private(set) var messageID = PSGuid.zero
    private(set) var sessionID: String?
    private(set) var shellID: String?
    private(set) var maxEnvelopeSize = 0
    private(set) var operationTimeout = ""
    private(set) var resourceURI = ""
    private(set) var options: [String: String] = [:]
    private(set) var operation = WSManOperation.identify
    /// Bytes of the envelope.
    let size: Int
    private var action = ""

    init(_ envelope: [UInt8]) throws {
        size = envelope.count
        var xml = try XMLReader(envelope, depth: 16, elements: 1000)
        let root = try xml.root()
        while let part = try xml.child(of: root) {
            while let child = try xml.child(of: part) {
                if part.name == "Header" { try readField(child, &xml) } else { try readBody(child, &xml) }
            }
        }
        try xml.end()
        if action.hasSuffix("/Delete") { operation = .delete }
        if action.hasSuffix("/Reconnect") { operation = .reconnect }
    }

    private mutating func readField(_ field: XMLElement, _ xml: inout XMLReader) throws {
        switch field.name {
        case "OptionSet", "SelectorSet":
            while let child = try xml.child(of: field) {
                let name = child.attribute("Name") ?? ""
                let value = String(decoding: try xml.text(of: child), as: UTF8.self)
                if field.name == "OptionSet" { options[name] = value } else if name == "ShellId" { shellID = value }
            }
        case "ReplyTo": try xml.skip(field)
        default:
            let text = String(decoding: try xml.text(of: field), as: UTF8.self)
            switch field.name {
            case "Action": action = text
            case "MessageID": messageID = PSGuid(text.dropFirst(5)) ?? .zero
            case "SessionId": sessionID = text
            case "MaxEnvelopeSize": maxEnvelopeSize = Int(text) ?? 0
            case "OperationTimeout": operationTimeout = text
            case "ResourceURI": resourceURI = text
            default: break
            }
        }
    }

    private mutating func readBody(_ body: XMLElement, _ xml: inout XMLReader) throws {
        let commandID = body.attribute("CommandId") ?? ""
        var parts: [(element: XMLElement, text: [UInt8])] = []
        while let child = try xml.child(of: body) {
            let isFilter = child.name == "Filter"
            parts.append((child, isFilter ? try xml.allText(of: child) : Array(try xml.text(of: child))))
        }
        func text(_ name: String) -> [UInt8] { parts.first { $0.element.name == name }?.text ?? [] }
        func bytes(_ name: String) -> [UInt8] { Base64.decode(text(name)[...]) ?? [] }
        let streamCommand = parts.first?.element.attribute("CommandId")
        switch body.name {
        case "Shell": operation = .create(shellID: body.attribute("ShellId") ?? "", creationXml: bytes("creationXml"))
        case "CommandLine": operation = .command(commandID: commandID, arguments: bytes("Arguments"))
        case "Send":
            let name = parts.first?.element.attribute("Name") ?? ""
            let stream = WSManOperation.InputStream(rawValue: name) ?? .standard
            operation = .send(stream, commandID: streamCommand, bytes("Stream"))
        case "Receive": operation = .receive(commandID: streamCommand)
        case "Signal":
            let code = String(decoding: text("Code"), as: UTF8.self)
            operation = .signal(commandID: commandID, WSManOperation.Signal(rawValue: code) ?? .terminate)
        case "Disconnect": operation = .disconnect(idleTimeout: nil, nil)
        case "Connect" where !commandID.isEmpty: operation = .connectCommand(commandID: commandID)
        case "Connect": operation = .connect(bytes("connectXml"))
        case "Enumerate" where resourceURI.hasSuffix("/Command"):
            operation = .enumerateCommands(shellID: String(decoding: text("Filter"), as: UTF8.self))
        case "Enumerate": operation = .enumerateShells
        default: break
        }
    }
}

/// An answer, as a server writes it. The forms are those of the recorded servers.
struct ServerAnswer {
    let relatesTo: PSGuid
    let operation: WSManOperation
    let answer: WSManAnswer

    var status: Int {
        if case .fault = answer { 500 } else { 200 }
    }

    func encoded(_ kind: WSManServerCarriage.Kind) -> [UInt8] {
        let soap = kind == .windows ? "s" : "SOAP-ENV"
        return Array(
            """
            <\(soap):Envelope xmlns:\(soap)="http://www.w3.org/2003/05/soap-envelope" \
            xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" \
            xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" \
            xmlns:x="http://schemas.xmlsoap.org/ws/2004/09/transfer">\
            <\(soap):Header><a:RelatesTo>uuid:\(relatesTo.description.uppercased())</a:RelatesTo></\(soap):Header>\
            <\(soap):Body>\(body(kind, soap))</\(soap):Body></\(soap):Envelope>
            """.utf8
        )
    }

    private func body(_ kind: WSManServerCarriage.Kind, _ soap: String) -> String {
        let namespace = "xmlns:p=\"http://schemas.microsoft.com/wbem/wsman/1/windows/shell\""
        switch answer {
        case .created(let shellID):
            let shell = "<p:Shell \(namespace)><p:ShellId>\(shellID)</p:ShellId></p:Shell>"
            return "<x:ResourceCreated><a:Address>…</a:Address><a:ReferenceParameters><w:SelectorSet>"
                + "<w:Selector Name=\"ShellId\">\(shellID)</w:Selector></w:SelectorSet></a:ReferenceParameters>"
                + "</x:ResourceCreated>" + (kind == .windows ? shell : "")
        case .command(let commandID):
            return "<p:CommandResponse \(namespace)><p:CommandId>\(commandID)</p:CommandId></p:CommandResponse>"
        case .received(let output): return "<p:ReceiveResponse \(namespace)>\(content(output))</p:ReceiveResponse>"
        case .fault(let fault):
            let detail =
                kind == .windows
                ? "<\(soap):Detail><f:WSManFault xmlns:f=\"http://schemas.microsoft.com/wbem/wsman/1/wsmanfault\" "
                    + "Code=\"\(fault.number?.rawValue ?? 0)\" Machine=\"web01\"><f:Message>No.</f:Message>"
                    + "</f:WSManFault></\(soap):Detail>" : ""
            return "<\(soap):Fault><\(soap):Code><\(soap):Value>\(soap):Sender</\(soap):Value><\(soap):Subcode>"
                + "<\(soap):Value>a:\(fault.subcode ?? "")</\(soap):Value></\(soap):Subcode></\(soap):Code>"
                + "<\(soap):Reason><\(soap):Text>\(fault.reason)</\(soap):Text></\(soap):Reason>\(detail)</\(soap):Fault>"
        default:
            // Windows leaves the body empty, OMI says <p:SignalResponse/>.
            return kind == .windows ? "" : "<p:\(operation.name.prefix { $0 != " " })Response \(namespace)/>"
        }
    }

    private func content(_ output: ReceivedOutput) -> String {
        var content = ""
        for stream in output.streams {
            var text: [UInt8] = []
            Base64.encode(stream, into: &text)
            content += "<p:Stream Name=\"stdout\">\(String(decoding: text, as: UTF8.self))</p:Stream>"
        }
        if let state = output.state {
            let name = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState/\(state.rawValue)"
            content += "<p:CommandState State=\"\(name)\"></p:CommandState>"
        }
        return content
    }
}

extension WSManAnswer {
    /// A Receive had nothing to say in its time: ask again.
    static let timedOut = WSManAnswer.fault(.timedOut, "TimedOut")
    /// There is no such shell or command.
    static let unknown = WSManAnswer.fault(.unknown, "DestinationUnreachable")
    /// A Receive of this shell or command is waiting already.
    static let alreadyReceiving = WSManAnswer.fault(.alreadyReceiving, "Concurrency")

    static func fault(_ number: FaultCode, _ subcode: String) -> WSManAnswer {
        var fault = WSManFault()
        fault.number = number
        fault.subcode = subcode
        fault.reason = "No."
        return .fault(fault)
    }

    static func received(_ streams: [[UInt8]], _ state: ReceivedOutput.CommandState?) -> WSManAnswer {
        var output = ReceivedOutput()
        output.streams = streams
        output.state = state
        return .received(output)
    }
}

extension WSManOperation {
    /// Its name, and what sets it apart from others of that name.
    var label: String {
        switch self {
        case .send(let stream, _, _): "Send \(stream.rawValue)"
        case .receive(_?): "Receive of a command"
        default: name
        }
    }
}
