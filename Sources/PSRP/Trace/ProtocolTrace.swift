import CLIXML

/// Reads along what a client and its server say to each other, and tells of each element and each message in a line.
///
/// A line names direction, pipeline, element or message type, and a short gist. Bodies that may hold a secret (host
/// replies, pipeline input, keys, prompts) are never opened; of output and records only the size is told.
package struct ProtocolTrace: Sendable {
    package enum Direction: Sendable, Hashable {
        case sent, received
    }

    fileprivate struct Stream: Hashable {
        let target: PSGuid
        let kind: OutOfProcessElement.DataStream
    }

    /// What is known of one direction; nil once it could not be read.
    fileprivate struct Way {
        var decoder: OutOfProcessDecoder
        var reassemblers: [Stream: FragmentReassembler] = [:]
    }

    /// Replaces secrets in a text, before it is cut.
    package typealias Mask = @Sendable (String) -> String

    private let limits: SessionLimits
    private let mask: Mask
    private var sent: Way?
    private var received: Way?

    package init(limits: SessionLimits = SessionLimits(), mask: @escaping Mask = { $0 }) {
        self.limits = limits
        self.mask = mask
        sent = Way(decoder: OutOfProcessDecoder(side: .server, limits: limits))
        received = Way(decoder: OutOfProcessDecoder(side: .client, limits: limits))
    }

    /// Takes bytes, cut anywhere.
    /// - Returns: a line, without its end, for each element and message that is whole now.
    package mutating func lines(of bytes: [UInt8], _ direction: Direction) -> [String] {
        switch direction {
        case .sent: Self.lines(of: bytes, "->", on: &sent, limits, mask)
        case .received: Self.lines(of: bytes, "<-", on: &received, limits, mask)
        }
    }

    private static func lines(
        of bytes: [UInt8],
        _ arrow: String,
        on way: inout Way?,
        _ limits: SessionLimits,
        _ mask: Mask
    ) -> [String] {
        guard var reader = way else { return [] }
        var lines: [String] = []
        do throws(PSRPError) {
            reader.decoder.receive(bytes)
            while let item = try reader.decoder.next() {
                switch item {
                case .noise(let text): lines.append("\(arrow) no element: \(beginning(of: mask(text)))")
                case .element(let element):
                    lines += try reader.lines(of: element, limits, mask).map { "\(arrow) \($0)" }
                }
            }
            way = reader
        } catch {
            lines.append("\(arrow) cannot be read, and is traced no further: \(error.message)")
            way = nil
        }
        return lines
    }
}

extension ProtocolTrace.Way {
    fileprivate mutating func lines(
        of element: OutOfProcessElement,
        _ limits: SessionLimits,
        _ mask: ProtocolTrace.Mask
    ) throws(PSRPError) -> [String] {
        let name = element.target == .zero ? "pool    " : String(element.target.description.prefix(8))
        guard case .data(let kind, let bytes) = element.kind else {
            if element.kind == .close || element.kind == .closeAck {
                reassemblers = reassemblers.filter { $0.key.target != element.target }
                decoder.isForgiving = element == OutOfProcessElement(.closeAck, .zero)
            }
            return ["\(name) \(element.kind.name)"]
        }
        let stream = ProtocolTrace.Stream(target: element.target, kind: kind)
        let messages = try reassemblers[stream, default: FragmentReassembler(limits: limits)].receive(bytes)
        guard !messages.isEmpty else { return ["\(name) Data, \(bytes.count) bytes of a message"] }
        var lines: [String] = []
        for bytes in messages {
            let message = try Message(decoding: bytes)
            let gist = try message.gist(limits.clixml, mask)
            lines.append("\(name) \(message.type.wireName)" + (gist.isEmpty ? "" : " \(gist)"))
        }
        return lines
    }
}

extension Message {
    /// The little of a body that a trace tells.
    fileprivate func gist(_ limits: CLIXMLLimits, _ mask: ProtocolTrace.Mask) throws(PSRPError) -> String {
        switch type {
        case .sessionCapability:
            return "protocol \(try SessionCapability(value: value(limits: limits)).protocolVersion)"
        case .runspacePoolState: return "\(try StateMessage.poolState(of: value(limits: limits)))"
        case .pipelineState: return "\(try StateMessage.pipelineState(of: value(limits: limits)))"
        case .createPipeline:
            let request = try PipelineRequest(value: value(limits: limits))
            return beginning(of: mask(request.statements.first?.first?.text.text ?? ""))
        case .pipelineHostCall, .runspacePoolHostCall:
            let number = try value(limits: limits).requiredInt32("mi")
            return HostMethod(rawValue: number)?.wireName ?? "method \(number)"
        case .pipelineHostResponse, .runspacePoolHostResponse, .pipelineInput, .publicKey, .encryptedSessionKey:
            return ""
        default: return body.isEmpty ? "" : "\(body.count) bytes"
        }
    }
}

/// The first line of a text, cut short.
private func beginning(of text: String) -> String {
    let first = text.prefix { !$0.isNewline }
    let cut = first.prefix(60)
    return cut.utf8.count < text.utf8.count ? "'\(cut)'…" : "'\(cut)'"
}
