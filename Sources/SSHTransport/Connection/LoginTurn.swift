import Connections
import Scheduling
import Synchronization

/// One target's place among those that log in at its server.
final class LoginTurn: Sendable {
    private struct State {
        var settings: SSHSettings?
        var place: AdmissionPlace?
        var isOver = false
    }

    /// How often a connection is made again that the server turned away without a word, and with one.
    static let mostSilent = 4
    static let mostTold = 12

    private let admission: Admission
    private let state = Mutex(State())

    init(_ admission: Admission) {
        self.admission = admission
    }

    /// Waits for the first turn.
    /// - Parameter settings: how the target is reached.
    func begin(_ settings: SSHSettings) async {
        state.withLock { $0.settings = settings }
        guard let place = try? await admission.begin(settings.loginServer) else { return }
        take(place)
    }

    /// What `begin` was told; nil where there was no turn.
    var settings: SSHSettings? { state.withLock { $0.settings } }

    /// Waits a while, longer each time, and then for another turn.
    /// - Parameters:
    ///   - attempt: from 1.
    ///   - share: of the while, between a half and one, so that many do not come again at once.
    func again(_ attempt: Int, share: Double) async throws {
        guard let settings else { return }
        try await Task.sleep(for: .milliseconds(50) * Double(1 << min(attempt, 5)) * share)
        take(try await admission.begin(settings.loginServer))
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

extension SSHSettings {
    /// What admits the target's login: address, port and the way there.
    fileprivate var loginServer: String {
        "\(hostName) \(port) \(proxyJump ?? (proxyCommand == nil ? "directly" : "by a command"))"
    }
}
