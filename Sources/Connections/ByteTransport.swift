import EventLoops
package import PSRP

/// What came over a connection.
package enum TransportInput: Sendable, Hashable {
    /// Bytes of the far process's standard output.
    case output([UInt8])
    /// Bytes of its standard error.
    case diagnostics([UInt8])
    /// Nothing more will come. It is told again to whoever asks again.
    case end(ExitStatus)
}

/// A byte duplex to the process at the far end: PSRP's out-of-process stream flows over it.
///
/// One task receives, any task sends.
package protocol TransportConnection: Sendable {
    /// Waits for what comes next.
    /// - Throws: TransportError where the connection broke; CancellationError where the task was cancelled.
    func receive() async throws -> TransportInput
    /// Sends these bytes whole, after all that was sent before; waits while the far side takes no more.
    func send(_ bytes: [UInt8]) async throws
}

/// A way in that is a byte duplex to a process: out-of-process framing travels over it.
package protocol ByteTransport: SessionTransport {
    /// Connects, hands the connection to `body`, and takes it down again, process and descriptors included, however
    /// `body` ends.
    ///
    /// - Parameters:
    ///   - timeline: told of each phase as it begins and ends.
    ///   - deadline: when every phase up to the subsystem's start must have ended; nil for no bound.
    /// - Throws: TransportError, whose phase is the one that failed or ran out of time; what `body` throws.
    func withConnection<Result: Sendable>(
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?,
        _ body: @Sendable (any TransportConnection) async throws -> Result
    ) async throws -> Result
}

extension ByteTransport {
    package var carriage: CarriageTraits { .outOfProcess }

    package func withSession<Result: Sendable>(
        limits: SessionLimits,
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?,
        _ body: @Sendable (any SessionConnection) async throws -> Result
    ) async throws -> Result {
        try await withConnection(timeline: timeline, deadline: deadline) { connection in
            try await body(OutOfProcessConnection(connection, limits: limits))
        }
    }
}

extension TransportInput: InboxInput {
    /// A piece that others are joined to has this many bytes at most before the last of them.
    private static let enough = 64 << 10

    package var byteCount: Int {
        switch self {
        case .output(let bytes), .diagnostics(let bytes): bytes.count
        case .end: 0
        }
    }

    package mutating func join(_ next: TransportInput) -> Bool {
        switch (self, next) {
        case (.output(var waiting), .output(let bytes)) where waiting.count < Self.enough:
            // The bytes have one owner then, and are added to in place.
            self = .end(.unknown)
            waiting += bytes
            self = .output(waiting)
        case (.diagnostics(var waiting), .diagnostics(let bytes)) where waiting.count < Self.enough:
            self = .end(.unknown)
            waiting += bytes
            self = .diagnostics(waiting)
        default:
            return false
        }
        return true
    }
}
