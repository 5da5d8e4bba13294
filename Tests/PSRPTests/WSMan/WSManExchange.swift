/// An operation of WSMan's on a shell (MS-WSMV 3.1.4), with the fields that a carriage fills: names are the protocol's.
enum WSManOperation: Hashable {
    /// wst:Create: `rsp:Shell ShellId`, the option `protocolversion`, and `creationXml`.
    case create(shellID: String, protocolVersion: String, creationXml: [UInt8])
    /// rsp:Command: `rsp:CommandLine CommandId`, and the bytes of `rsp:Arguments`.
    case command(commandID: String, arguments: [UInt8])
    /// rsp:Send: `rsp:Stream Name CommandId`.
    case send(stream: String, commandID: String?, bytes: [UInt8])
    /// rsp:Receive: `rsp:DesiredStream CommandId`, `stdout`. A long poll.
    case receive(commandID: String?)
    /// rsp:Signal: `CommandId`, `rsp:Code`.
    case signal(commandID: String, code: String)
    /// wst:Delete
    case delete

    /// What stops a pipeline; the spelling is the protocol's.
    static let stop = "powershell/signal/crtl_c"
    static let terminate = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/signal/Terminate"

    var name: String {
        switch self {
        case .create: "Create"
        case .command: "Command"
        case .send(let stream, _, _): "Send \(stream)"
        case .receive(let commandID): commandID == nil ? "Receive" : "Receive of a command"
        case .signal(_, Self.stop): "Signal crtl_c"
        case .signal(_, Self.terminate): "Signal Terminate"
        case .signal(_, let code): "Signal \(code)"
        case .delete: "Delete"
        }
    }

    /// Bytes that travel as base64.
    var payload: [UInt8] {
        switch self {
        case .create(_, _, let bytes), .command(_, let bytes), .send(_, _, let bytes): bytes
        case .receive, .signal, .delete: []
        }
    }
}

/// One request: its header, as far as it matters here, and its operation.
struct WSManRequest: Hashable {
    /// wsa:MessageID
    let messageID: Int
    /// The selector ShellId; none for Create.
    let shellID: String?
    /// w:MaxEnvelopeSize
    let maxEnvelopeSize: Int
    let operation: WSManOperation
}

enum WSManCommandState: Hashable {
    case running, done
}

enum WSManAnswer: Hashable {
    /// wst:ResourceCreated, with the ShellId that counts from here on.
    case resourceCreated(shellID: String)
    /// rsp:CommandResponse, with the CommandId that counts from here on.
    case command(commandID: String)
    case send
    /// rsp:ReceiveResponse: the bytes of each rsp:Stream, and rsp:CommandState, which may be missing.
    case receive([[UInt8]], WSManCommandState?)
    case signal
    case delete
    /// f:WSManFault
    case fault(UInt32)

    /// A Receive had nothing to say in its time: ask again.
    static let timedOut = WSManAnswer.fault(2_150_858_793)
    /// There is no such shell or command.
    static let unknown = WSManAnswer.fault(2_150_858_843)
    /// A Receive of this shell or command is waiting already.
    static let alreadyReceiving = WSManAnswer.fault(2_150_859_047)
}

struct WSManResponse: Hashable {
    /// wsa:RelatesTo
    let relatesTo: Int
    let answer: WSManAnswer
}

/// How large an envelope of this model is: what a real client's header takes, and base64.
enum WSManEnvelope {
    /// An empty Send, and some room.
    private static let overhead = 1664

    static func size(of payload: [UInt8]) -> Int { overhead + (payload.count + 2) / 3 * 4 }

    /// The most bytes of a fragment in an envelope of this size.
    static func budget(_ maxEnvelopeSize: Int) -> Int { (maxEnvelopeSize - overhead) / 4 * 3 }
}
