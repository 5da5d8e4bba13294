package import CLIXML

/// An element of out-of-process framing, one a line (psrun.docc/OutOfProcess.md).
package struct OutOfProcessElement: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// A slice of a stream of fragments, never empty.
        case data(CarriageStream, [UInt8])
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
    package var name: String { wireName.description }

    fileprivate var wireName: StaticString {
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

extension CarriageStream {
    /// A `Data` element's Stream.
    var attribute: StaticString {
        switch self {
        case .standard: "Default"
        case .promptResponse: "PromptResponse"
        }
    }
}

extension CarriageTarget {
    /// An element's PSGuid: zero for the pool.
    var guid: PSGuid {
        switch self {
        case .pool: .zero
        case .pipeline(let pipeline): pipeline
        }
    }
}

extension OutOfProcessElement {
    var carriageTarget: CarriageTarget { target == .zero ? .pool : .pipeline(target) }

    /// Appends the element's line, LF at its end.
    package func write(to output: inout [UInt8]) {
        output.append(UInt8(ascii: "<"))
        output.append(literal: kind.wireName)
        switch kind {
        case .data(let stream, let bytes):
            output.reserveCapacity(output.count + (bytes.count + 2) / 3 * 4 + 96)
            output.append(literal: " Stream='")
            output.append(literal: stream.attribute)
            output.append(literal: "' PSGuid='")
            output.append(target)
            output.append(literal: "'>")
            Base64.encode(bytes, into: &output)
            output.append(literal: "</Data>\n")
        case .dataAck, .command, .commandAck, .signal, .signalAck, .close, .closeAck:
            output.append(literal: " PSGuid='")
            output.append(target)
            output.append(literal: "' />\n")
        }
    }
}
