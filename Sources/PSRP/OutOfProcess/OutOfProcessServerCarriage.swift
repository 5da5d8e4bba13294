import CLIXML

/// A server's end of out-of-process framing: lines to requests, and events to lines.
package struct OutOfProcessServerCarriage: Sendable {
    private var decoder: OutOfProcessDecoder
    private var isOpenRequested = false
    private var failure: PSRPError?
    private var output: [UInt8] = []

    package init(limits: SessionLimits) {
        decoder = OutOfProcessDecoder(side: .server, limits: limits)
    }

    /// Takes bytes of the client's, cut anywhere.
    package mutating func receive(_ bytes: [UInt8]) {
        decoder.receive(bytes)
    }

    /// The next request; nil when more bytes are needed.
    /// - Throws: what a real server exits for, again at each call.
    package mutating func next() throws(PSRPError) -> CarriageRequest? {
        if let failure { throw failure }
        do throws(PSRPError) {
            while let item = try decoder.next() {
                if case .element(let element) = item { return try request(element) }
            }
            return nil
        } catch {
            failure = error
            throw error
        }
    }

    private mutating func request(_ element: OutOfProcessElement) throws(PSRPError) -> CarriageRequest {
        let target = element.carriageTarget
        switch element.kind {
        case .data(.standard, let bytes) where target == .pool && !isOpenRequested:
            isOpenRequested = true
            return .open(bytes)
        case .data(let stream, let bytes): return .data(target, stream, bytes)
        case .command: return .command(element.target, [])
        case .signal: return .signal(element.target)
        case .close: return .close(target)
        case .dataAck, .commandAck, .signalAck, .closeAck:
            throw PSRPError(
                .malformedElement,
                "An unknown element \"\(element.kind.name)\" was received: a client acknowledges nothing."
            )
        }
    }

    /// Queues the lines of a session's events, in order.
    package mutating func write(_ events: [CarriageEvent]) {
        for event in events {
            switch event {
            case .data(let target, let bytes):
                OutOfProcessElement(.data(.standard, bytes), target.guid).write(to: &output)
            case .acknowledged(let kind, let target):
                OutOfProcessElement(kind.ack, target.guid).write(to: &output)
                if kind == .close, target == .pool { decoder.isForgiving = true }
            case .ended, .largestFragment, .noise, .foreign, .broken: break
            }
        }
    }

    /// Whole lines; empty when there is nothing.
    package mutating func bytesToSend() -> [UInt8] {
        defer { output = [] }
        return output
    }

    /// Bytes that `bytesToSend` would return.
    package var pendingByteCount: Int { output.count }
}

extension CarriageRequest.Kind {
    fileprivate var ack: OutOfProcessElement.Kind {
        switch self {
        case .open, .data: .dataAck
        case .command: .commandAck
        case .signal: .signalAck
        case .close: .closeAck
        }
    }
}
