import CLIXML

/// Reads along what a client and its server say to each other, and tells of each request or ack and each message in a
/// line, whatever carries them.
///
/// A line names direction, pipeline, element or message type, and a short gist. Bodies that may hold a secret (host
/// replies, pipeline input, keys, prompts) are never opened; of output and records only the size is told.
package struct ProtocolTrace: Sendable {
    /// Replaces secrets in a text, before it is cut.
    package typealias Mask = @Sendable (String) -> String

    private let limits: SessionLimits
    private let mask: Mask
    private var sent: Way? = Way(arrow: "->")
    private var received: Way? = Way(arrow: "<-")

    package init(limits: SessionLimits = SessionLimits(), mask: @escaping Mask = { $0 }) {
        self.limits = limits
        self.mask = mask
    }

    /// - Returns: a line, without its end, for each request, and for each message that is whole now.
    package mutating func lines(of requests: [CarriageRequest]) -> [String] {
        let (limits, mask) = (limits, mask)
        return Self.lines(of: requests, on: &sent) { way, request throws(PSRPError) in
            try way.lines(of: request, limits, mask)
        }
    }

    /// - Returns: a line, without its end, for each ack, and for each message that is whole now.
    package mutating func lines(of events: [CarriageEvent]) -> [String] {
        let (limits, mask) = (limits, mask)
        return Self.lines(of: events, on: &received) { way, event throws(PSRPError) in
            try way.lines(of: event, limits, mask)
        }
    }

    private static func lines<Item>(
        of items: [Item],
        on way: inout Way?,
        _ read: (inout Way, Item) throws(PSRPError) -> [String]
    ) -> [String] {
        guard var reader = way.take() else { return [] }
        var lines: [String] = []
        do throws(PSRPError) {
            for item in items { lines += try read(&reader, item).map { "\(reader.arrow) \($0)" } }
            way = reader
        } catch {
            lines.append("\(reader.arrow) cannot be read; the trace ends here: \(error.message)")
        }
        return lines
    }
}

/// What is known of one direction; nil once it could not be read.
private struct Way: Sendable {
    struct Stream: Hashable {
        let target: CarriageTarget
        let kind: CarriageStream
    }

    let arrow: String
    private var reassemblers: [Stream: FragmentReassembler] = [:]

    init(arrow: String) { self.arrow = arrow }

    mutating func lines(
        of request: CarriageRequest,
        _ limits: SessionLimits,
        _ mask: ProtocolTrace.Mask
    ) throws(PSRPError) -> [String] {
        switch request {
        case .open(let bytes): return try lines(of: bytes, .standard, .pool, limits, mask)
        case .command(let id, let bytes):
            let command = "\(name(.pipeline(id))) Command"
            if bytes.isEmpty { return [command] }
            return [command] + (try lines(of: bytes, .standard, .pipeline(id), limits, mask))
        case .data(let target, let stream, let bytes): return try lines(of: bytes, stream, target, limits, mask)
        case .signal(let id): return ["\(name(.pipeline(id))) Signal"]
        case .close(let target):
            forget(target)
            return ["\(name(target)) Close"]
        case .negotiated: return []
        }
    }

    mutating func lines(
        of event: CarriageEvent,
        _ limits: SessionLimits,
        _ mask: ProtocolTrace.Mask
    ) throws(PSRPError) -> [String] {
        switch event {
        case .data(let target, let bytes): return try lines(of: bytes, .standard, target, limits, mask)
        case .acknowledged(let kind, let target):
            if kind == .close { forget(target) }
            return ["\(name(target)) \(kind.ackName)"]
        case .ended(let target): return ["\(name(target)) ended"]
        case .largestFragment(let size): return ["\(name(.pool)) fragments of at most \(size) bytes"]
        case .noise(let text), .foreign(let text): return ["no element: \(beginning(of: mask(text)))"]
        case .broken(let error): throw error
        }
    }

    private mutating func forget(_ target: CarriageTarget) {
        reassemblers = reassemblers.filter { $0.key.target != target }
    }

    private func name(_ target: CarriageTarget) -> String {
        switch target {
        case .pool: "pool    "
        case .pipeline(let id): String(id.description.prefix(8))
        }
    }

    private mutating func lines(
        of bytes: [UInt8],
        _ kind: CarriageStream,
        _ target: CarriageTarget,
        _ limits: SessionLimits,
        _ mask: ProtocolTrace.Mask
    ) throws(PSRPError) -> [String] {
        let name = name(target)
        let stream = Stream(target: target, kind: kind)
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

extension CarriageRequest.Kind {
    fileprivate var ackName: String {
        switch self {
        case .open, .data: "DataAck"
        case .command: "CommandAck"
        case .signal: "SignalAck"
        case .close: "CloseAck"
        }
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
