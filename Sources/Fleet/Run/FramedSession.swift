import Connections
import PSRP
import Synchronization

/// A session's connection, whatever carries it, as the bytes of out-of-process framing.
final class FramedSession: TransportConnection {
    private struct State {
        var carriage = OutOfProcessServerCarriage(limits: SessionLimits())
        /// nil where the session's own carriage announces Commands as well.
        var commands: AnnouncedCommands?
        /// Why nothing more comes: out-of-process framing has no word for that.
        var failure: PSRPError?

        /// What an event is in out-of-process framing, behind what came before it.
        mutating func pass(_ event: CarriageEvent) throws(PSRPError) {
            let event = try commands?.translated(event) ?? event
            switch event {
            case .broken(let error): throw error
            case .ended(.pool): throw PSRPError(.ended, "The far side ended the session.")
            case .data, .acknowledged, .ended, .largestFragment, .noise, .foreign: carriage.write([event])
            }
        }
    }

    private let session: any SessionConnection
    private let state: Mutex<State>

    /// - Parameter traits: of the session's own carriage.
    init(_ session: any SessionConnection, _ traits: CarriageTraits) {
        self.session = session
        let isAnnounced = traits.commands == .announced
        state = Mutex(State(commands: isAnnounced ? nil : AnnouncedCommands(limits: .ofClient)))
    }

    /// - Throws: PSRPError where the session broke, once all that came before is received; what the session's own throws.
    func receive() async throws -> TransportInput {
        while true {
            if let failure = state.withLock({ $0.failure }) { throw failure }
            switch try await session.receive() {
            case .events(let events):
                let bytes = state.withLock { state in
                    do throws(PSRPError) {
                        for event in events { try state.pass(event) }
                    } catch {
                        state.failure = error
                    }
                    return state.carriage.bytesToSend()
                }
                if !bytes.isEmpty { return .output(bytes) }
            case .diagnostics(let bytes): return .diagnostics(bytes)
            case .end(let status): return .end(status)
            }
        }
    }

    func send(_ bytes: [UInt8]) async throws {
        let requests = try state.withLock { state throws(PSRPError) in
            var requests: [CarriageRequest] = []
            state.carriage.receive(bytes)
            while let request = try state.carriage.next() {
                let taken = state.commands?.take(request) ?? (request, nil)
                if let answer = taken.answer { state.carriage.write([answer]) }
                if let request = taken.request { requests.append(request) }
            }
            return requests
        }
        if !requests.isEmpty { try await session.send(requests) }
    }

    /// What answers that was sent, and has not come from the far side: to be passed on as what is received.
    func takeAnswers() -> [UInt8] { state.withLock { $0.carriage.bytesToSend() } }
}
