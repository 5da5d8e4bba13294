package import CLIXML

/// An element of out-of-process framing, one a line (psrp-brief section 4).
package struct OutOfProcessElement: Sendable, Hashable {
    /// What a `Data` element belongs to: a client's answers to host calls have a stream of their own.
    package enum DataStream: String, Sendable, Hashable, CaseIterable {
        case standard = "Default"
        case promptResponse = "PromptResponse"
    }

    package enum Kind: Sendable, Hashable {
        /// A slice of a stream of fragments, never empty.
        case data(DataStream, [UInt8])
        case dataAck
        case command
        case commandAck
        case signal
        case signalAck
        case close
        case closeAck
    }

    package let kind: Kind
    /// Zero for the pool, else a pipeline's.
    package let target: PSGuid

    package init(_ kind: Kind, _ target: PSGuid) {
        self.kind = kind
        self.target = target
    }
}

extension OutOfProcessElement.Kind {
    /// The element's name on the wire.
    package var name: String {
        switch self {
        case .data: "Data"
        case .dataAck: "DataAck"
        case .command: "Command"
        case .commandAck: "CommandAck"
        case .signal: "Signal"
        case .signalAck: "SignalAck"
        case .close: "Close"
        case .closeAck: "CloseAck"
        }
    }
}

extension OutOfProcessElement {
    /// Appends the element's line, LF at its end.
    package func write(to output: inout [UInt8]) {
        output.append(UInt8(ascii: "<"))
        output += kind.name.utf8
        switch kind {
        case .data(let stream, let bytes):
            output += " Stream='".utf8
            output += stream.rawValue.utf8
            output += "' PSGuid='".utf8
            output.append(target)
            output += "'>".utf8
            Base64.encode(bytes, into: &output)
            output += "</Data>\n".utf8
        case .dataAck, .command, .commandAck, .signal, .signalAck, .close, .closeAck:
            output += " PSGuid='".utf8
            output.append(target)
            output += "' />\n".utf8
        }
    }
}
