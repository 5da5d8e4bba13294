import Synchronization

/// When each phase of one connection began and how long it took; shared by the transport and who opens the session.
package final class ConnectionTimeline: Sendable {
    private struct State {
        var durations: [ConnectionPhase: Duration] = [:]
        var current: (phase: ConnectionPhase, since: ContinuousClock.Instant)?
        var banner: String?
        var remarks: [String] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// Ends the phase that is under way, where there is one, and begins this one.
    package func begin(_ phase: ConnectionPhase, at instant: ContinuousClock.Instant = .now) {
        state.withLock { state in
            Self.close(&state, at: instant)
            state.current = (phase, instant)
        }
    }

    /// Ends the phase that is under way.
    package func end(at instant: ContinuousClock.Instant = .now) {
        state.withLock { Self.close(&$0, at: instant) }
    }

    /// The phase that is under way, or nil.
    package var current: ConnectionPhase? {
        state.withLock { $0.current?.phase }
    }

    /// How long each phase took so far; a phase that was never begun is not there.
    package var durations: [ConnectionPhase: Duration] {
        state.withLock { $0.durations }
    }

    /// What the far side says to whoever comes, before anything of the session: text that it chose. Told once.
    package func takeBanner() -> String? {
        state.withLock { $0.banner.take() }
    }

    /// Keeps what the far side says to whoever comes.
    package func heard(_ banner: String?) {
        guard let banner, !banner.isEmpty else { return }
        let told = banner.prefix(Self.longestBanner)
        let isCut = told.endIndex < banner.endIndex
        state.withLock { $0.banner = isCut ? "\(told)\n[psrun: the rest of it is left out]\n" : banner }
    }

    /// Keeps what a user should know of the way that was taken: a sentence without a line end, psrun's own.
    package func note(_ remark: String) {
        state.withLock { $0.remarks.append(remark) }
    }

    /// What was noted. Told once.
    package func takeRemarks() -> [String] {
        state.withLock { state in
            defer { state.remarks = [] }
            return state.remarks
        }
    }

    /// In characters: a longer one is not read by anybody.
    package static let longestBanner = 16 << 10

    private static func close(_ state: inout State, at instant: ContinuousClock.Instant) {
        guard let (phase, since) = state.current else { return }
        state.durations[phase, default: .zero] += instant - since
        state.current = nil
    }
}
