package import Connections
package import EventLoops
import Synchronization
package import Threads

extension Lane {
    /// Calls of GSSAPI's that may ask a KDC. It can be silent for half a minute, and nothing shortens that; a thread that waits
    /// for one holds up nobody else.
    package static let tickets = Lane("psrun-tickets", width: 4, ceiling: 64)
}

/// Until when somebody waits for a call of GSSAPI's, and what ends the wait then. The call itself cannot be stopped: it runs
/// on by itself, and what it finds is thrown away.
package struct GSSDeadline: Sendable {
    let loop: EventLoop
    let deadline: ConnectingDeadline?
    let expired: @Sendable (String) -> any Error

    /// - Parameters:
    ///   - loop: what the clock runs on.
    ///   - deadline: nil for no bound.
    ///   - expired: the error of a call that is not done by then; told what it was about, for `while …`:
    ///     "asking the KDC for a ticket for host/srv01".
    package init(
        on loop: EventLoop,
        _ deadline: ConnectingDeadline?,
        expired: @escaping @Sendable (String) -> any Error
    ) {
        self.loop = loop
        self.deadline = deadline
        self.expired = expired
    }

    /// Waits for what `begin` begins and keeps.
    /// - Throws: the promise's failure; `expired`'s error; CancellationError.
    func wait<Value: Sendable>(for activity: String, _ begin: @Sendable (Promise<Value>) -> Void) async throws -> Value
    {
        let promise = Promise<Value>()
        begin(promise)
        return try await GSSWait(self).value(of: promise, activity)
    }

    /// Makes a call in the lane.
    /// - Throws: what the call throws; `expired`'s error; CancellationError.
    func call<Value: Sendable>(_ activity: String, _ body: @escaping @Sendable () throws -> Value) async throws -> Value
    {
        // Given up before its turn came, it is not made.
        let isAwaited = Awaited()
        defer { isAwaited.end() }
        return try await wait(for: activity) { promise in
            Lane.tickets.submit {
                if isAwaited.isSo { promise.keep(Result { try body() }) }
            }
        }
    }
}

/// Whether somebody still waits for a call.
private final class Awaited: Sendable {
    private let isOver = Atomic(false)

    var isSo: Bool { !isOver.load(ordering: .acquiring) }

    func end() { isOver.store(true, ordering: .releasing) }
}

/// The wait for one call, whose clock runs on a loop.
private actor GSSWait {
    nonisolated var unownedExecutor: UnownedSerialExecutor { limit.loop.asUnownedSerialExecutor() }
    private nonisolated let limit: GSSDeadline

    init(_ limit: GSSDeadline) {
        self.limit = limit
    }

    func value<Value: Sendable>(of promise: Promise<Value>, _ activity: String) async throws -> Value {
        let timer = limit.deadline.map { deadline in
            DeadlineTimer(deadline, on: limit.loop) { [limit] in promise.fail(limit.expired(activity)) }
        }
        defer { timer?.cancel() }
        return try await withTaskCancellationHandler {
            try await promise.value()
        } onCancel: {
            promise.fail(CancellationError())
        }
    }
}
