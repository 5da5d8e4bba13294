import Connections
import Scheduling
import Synchronization

/// One target's place among those that log in at its server.
final class LoginTurn: Sendable {
    private struct State {
        var server: String?
        var place: AdmissionPlace?
        var isOver = false
    }

    /// How often a connection is made again that the server turned away without a word, and with one.
    private static let mostSilent = 4
    private static let mostTold = 12

    private let admission: Admission
    private let state = Mutex(State())

    init(_ admission: Admission) {
        self.admission = admission
    }

    /// Waits for the first turn.
    /// - Parameter server: what admits the target: address, port and the way there.
    func begin(at server: String) async {
        state.withLock { $0.server = server }
        guard let place = try? await admission.begin(server) else { return }
        take(place)
    }

    /// Waits a while, longer each time, and then for another turn.
    /// - Parameters:
    ///   - attempt: from 1.
    ///   - share: of the while, between a half and one, so that many do not come again at once.
    func again(_ attempt: Int, share: Double) async throws {
        guard let server = state.withLock({ $0.server }) else { return }
        try await Task.sleep(for: .milliseconds(50) * Double(1 << min(attempt, 5)) * share)
        take(try await admission.begin(server))
    }

    /// The login has ended one way or the other.
    func finish(_ end: AdmissionEnd) {
        let place = state.withLock { state in
            defer { state.place = nil }
            return state.place
        }
        if let place { admission.finish(place, end) }
    }

    /// No connection is made any more.
    func close() {
        state.withLock { $0.isOver = true }
        finish(.other)
    }

    /// Whether a connection that failed so often with this error, and reached no session, is made again.
    static func isWorthAnother(_ error: any Error, attempts: Int) -> Bool {
        switch (error as? TransportError)?.turnedAway {
        case .tooMany: attempts < mostTold
        case .silently: attempts < mostSilent
        case nil: false
        }
    }

    private func take(_ place: AdmissionPlace) {
        let isLate = state.withLock { state in
            guard !state.isOver else { return true }
            state.place = place
            return false
        }
        if isLate { admission.finish(place, .other) }
    }
}
