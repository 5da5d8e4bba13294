/// What a server answered to an operation.
package enum WSManAnswer: Sendable, Hashable {
    /// wst:ResourceCreated, with the ShellId that counts from here on, byte for byte.
    case created(shellID: String)
    /// rsp:CommandResponse, with the CommandId that counts from here on.
    case command(commandID: String)
    /// Send, Signal, Delete, Disconnect, Reconnect, and Connect to a command: nothing is said, whatever the body is called.
    case done
    case received(ReceivedOutput)
    /// rsp:ConnectResponse: `connectResponseXml`.
    case connected([UInt8])
    case identified(WSManIdentity)
    case shells([ShellDescription], isWhole: Bool)
    case commands([CommandDescription], isWhole: Bool)
    case fault(WSManFault)
}

/// rsp:ReceiveResponse. One without anything is an answer too: ask again.
package struct ReceivedOutput: Sendable, Hashable {
    /// The bytes of each `rsp:Stream`, in order; empty ones are left out.
    package var streams: [[UInt8]] = []
    /// `rsp:CommandState`; nil where there is none, as in most answers of a pool's.
    package var state: CommandState?
    package var exitCode: Int64?

    package enum CommandState: String, Sendable, Hashable {
        case running = "Running"
        /// The server waits for an answer to a host call.
        case pending = "Pending"
        /// Nothing more comes.
        case done = "Done"
    }

    package init() {}
}

/// wsmid:IdentifyResponse.
package struct WSManIdentity: Sendable, Hashable {
    package var protocolVersion = ""
    package var vendor = ""
    package var version = ""

    package init() {}
}

/// A shell, as Enumerate lists it.
package struct ShellDescription: Sendable, Hashable {
    package var shellID = ""
    package var name = ""
    package var resourceURI = ""
    package var owner = ""
    /// Connected or Disconnected
    package var state = ""

    package init() {}
}

/// A command, as Enumerate lists it.
package struct CommandDescription: Sendable, Hashable {
    package var commandID = ""
    package var state = ""

    package init() {}
}

/// s:Fault, with f:WSManFault or without.
package struct WSManFault: Sendable, Hashable {
    /// The local name of `s:Code/s:Value`: Sender, Receiver.
    package var code = ""
    /// The local name of `s:Subcode/s:Value`: TimedOut, DestinationUnreachable.
    package var subcode: String?
    /// `f:WSManFault Code`, normalised: servers write it signed and in hexadecimal too.
    package var number: FaultCode?
    /// `f:WSManFault Machine`
    package var machine: String?
    /// `s:Reason/s:Text`
    package var reason = ""
    /// The innermost text of `f:Message`, where it says more than the reason.
    package var message: String?
    /// `s:Detail` as it stands, where there is no f:WSManFault.
    package var detail: String?

    package init() {}
}
