/// An operation of WS-Management's on a shell (MS-WSMV 3.1.4), with what a carriage fills in: names are the protocol's.
package enum WSManOperation: Sendable, Hashable {
    /// wst:Create: `rsp:Shell ShellId`, the option `protocolversion`, and `creationXml`.
    case create(shellID: String, creationXml: [UInt8])
    /// rsp:Command: `rsp:CommandLine CommandId`, and the bytes of `rsp:Arguments`.
    case command(commandID: String, arguments: [UInt8])
    /// rsp:Send: `rsp:Stream Name CommandId`.
    case send(InputStream, commandID: String?, [UInt8])
    /// rsp:Receive: `rsp:DesiredStream CommandId`, `stdout`. A long poll.
    case receive(commandID: String?)
    /// rsp:Signal: `CommandId`, `rsp:Code`.
    case signal(commandID: String, Signal)
    /// wst:Delete
    case delete
    /// rsp:Disconnect: the shell goes on without a client, for so many seconds.
    case disconnect(idleTimeout: Int?, BufferMode?)
    /// rsp:Reconnect, by the client that disconnected: `p:SessionId` says so.
    case reconnect
    /// rsp:Connect to a shell, by another client: `connectXml`.
    case connect([UInt8])
    /// rsp:Connect to a command of a shell that is connected.
    case connectCommand(commandID: String)
    /// wsmid:Identify: who is there. It has no header.
    case identify
    /// wsen:Enumerate of the shells that this user may see.
    case enumerateShells
    /// wsen:Enumerate of a shell's commands.
    case enumerateCommands(shellID: String)

    /// The streams to a server.
    package enum InputStream: String, Sendable, Hashable {
        case standard = "stdin"
        /// Answers to host calls.
        case promptResponse = "pr"
    }

    package enum Signal: String, Sendable, Hashable {
        /// Stops a pipeline. The spelling is the protocol's: a server takes any other for a forced end.
        case stop = "powershell/signal/crtl_c"
        /// Gives a pipeline up.
        case terminate = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/signal/Terminate"
    }

    /// What a server does with output that nobody takes.
    package enum BufferMode: String, Sendable, Hashable {
        case block = "Block"
        case drop = "Drop"
    }

    /// The operation's name, as a person or a trace reads it.
    package var name: String {
        switch self {
        case .create: "Create"
        case .command: "Command"
        case .send: "Send"
        case .receive: "Receive"
        case .signal(_, .stop): "Signal crtl_c"
        case .signal(_, .terminate): "Signal Terminate"
        case .delete: "Delete"
        case .disconnect: "Disconnect"
        case .reconnect: "Reconnect"
        case .connect, .connectCommand: "Connect"
        case .identify: "Identify"
        case .enumerateShells, .enumerateCommands: "Enumerate"
        }
    }

    /// What goes on in it, for a message: "while opening the shell".
    package var activity: String {
        switch self {
        case .create: "opening the shell"
        case .command: "starting a pipeline"
        case .send: "sending data"
        case .receive: "waiting for output"
        case .signal(_, .stop): "stopping a pipeline"
        case .signal(_, .terminate): "ending a pipeline"
        case .delete: "closing the shell"
        case .disconnect: "disconnecting from the shell"
        case .reconnect: "reconnecting to the shell"
        case .connect: "connecting to the shell"
        case .connectCommand: "connecting to a pipeline"
        case .identify: "asking who is there"
        case .enumerateShells: "listing the shells"
        case .enumerateCommands: "listing a shell's pipelines"
        }
    }
}
