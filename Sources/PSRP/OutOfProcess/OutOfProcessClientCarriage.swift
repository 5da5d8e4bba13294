import CLIXML

extension CarriageTraits {
    /// Out-of-process framing: fragments of the size that real clients and servers send (server/big-script,
    /// server/big-output), and Commands that may fly ahead (server/early-command).
    package static let outOfProcess = CarriageTraits(largestFragment: 32768, commands: .announced)
}

/// A client's end of out-of-process framing: requests to lines, and lines to events.
package struct OutOfProcessClientCarriage: Sendable {
    private var decoder: OutOfProcessDecoder
    private var isOpenAcknowledged = false
    private var isBroken = false

    package init(limits: SessionLimits) {
        decoder = OutOfProcessDecoder(side: .client, limits: limits)
    }

    /// The lines of these requests, to be sent in one write; empty where they are none that is sent.
    package static func bytes(of requests: [CarriageRequest]) -> [UInt8] {
        var output: [UInt8] = []
        for request in requests {
            switch request {
            case .open(let bytes): OutOfProcessElement(.data(.standard, bytes), .zero).write(to: &output)
            case .command(let pipeline, _): OutOfProcessElement(.command, pipeline).write(to: &output)
            case .data(let target, let stream, let bytes):
                OutOfProcessElement(.data(stream, bytes), target.guid).write(to: &output)
            case .signal(let pipeline): OutOfProcessElement(.signal, pipeline).write(to: &output)
            case .close(let target): OutOfProcessElement(.close, target.guid).write(to: &output)
            case .negotiated: break
            }
        }
        return output
    }

    /// Takes bytes of the far side's output, cut anywhere.
    /// - Returns: what is whole now. After `.broken`, which is its last element, nothing comes any more.
    package mutating func receive(_ bytes: [UInt8]) -> [CarriageEvent] {
        guard !isBroken else { return [] }
        var events: [CarriageEvent] = []
        decoder.receive(bytes)
        do throws(PSRPError) {
            while let item = try decoder.next() {
                switch item {
                case .noise(let line): events.append(.noise(line))
                case .foreign(let text): events.append(.foreign(text))
                case .element(let element): events.append(try event(element))
                }
            }
        } catch {
            isBroken = true
            events.append(.broken(error))
        }
        return events
    }

    /// The far side's output ended.
    /// - Returns: the last words of a program that did not speak PSRP.
    package mutating func receiveEnd() -> [CarriageEvent] {
        switch decoder.takeNoiseWithoutEnd() {
        case .noise(let line): [.noise(line)]
        case .foreign(let text): [.foreign(text)]
        case .element, nil: []
        }
    }

    private mutating func event(_ element: OutOfProcessElement) throws(PSRPError) -> CarriageEvent {
        let target = element.carriageTarget
        switch element.kind {
        case .data(_, let bytes): return .data(target, bytes)
        case .dataAck:
            guard target == .pool, !isOpenAcknowledged else { return .acknowledged(.data, target) }
            isOpenAcknowledged = true
            return .acknowledged(.open, target)
        case .commandAck: return .acknowledged(.command, target)
        case .signalAck: return .acknowledged(.signal, target)
        case .closeAck:
            // Every captured server says more than its last ack, and none of it is PSRP.
            if target == .pool { decoder.isForgiving = true }
            return .acknowledged(.close, target)
        case .command, .signal, .close:
            throw PSRPError(.malformedElement, "The far side sent \(element.kind.name), which only a client sends.")
        }
    }
}
