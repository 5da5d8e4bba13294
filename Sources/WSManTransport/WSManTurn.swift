import Connections
import Scheduling
import Synchronization

/// One target's place among those that ask for a shell at its server.
final class WSManTurn: Sendable {
    private struct State {
        var place: AdmissionPlace?
        var isOver = false
    }

    /// How often a server is asked again that says it is busy.
    static let most = 8

    private let admission: Admission
    private let server: String
    private let state = Mutex(State())

    init(_ admission: Admission, server: String) {
        self.admission = admission
        self.server = server
    }

    /// Waits for the first turn.
    func begin() async {
        if let place = try? await admission.begin(server) { take(place) }
    }

    /// How long is waited before a server is asked again: longer each time, and not the same for all, so that many do not
    /// come again at once.
    /// - Parameter attempt: from 1.
    static func pause(before attempt: Int) -> Duration {
        .milliseconds(100) * (Double(1 << min(attempt, 6)) * .random(in: 0.5...1))
    }

    /// Waits a while, and then for another turn.
    func again(after pause: Duration) async throws {
        try await Task.sleep(for: pause)
        take(try await admission.begin(server))
    }

    /// There is a shell, or there will be none.
    func finish(_ end: AdmissionEnd) {
        let place = state.withLock { $0.place.take() }
        if let place { admission.finish(place, end) }
    }

    /// No shell is asked for any more.
    func close() {
        state.withLock { $0.isOver = true }
        finish(.other)
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
