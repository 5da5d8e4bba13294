/// When a connection must stand, by the clock that stands still while a person is being asked.
package struct ConnectingDeadline: Sendable {
    /// How much time there was in all.
    package let limit: Duration
    /// What set it, for the message.
    package let name: String
    /// When it is due, on the counted clock.
    package let due: Duration
    private let clock: RunClock

    /// What sets one for sessions of PowerShell's over SSH, and of this computer.
    package static let parameter = "-ConnectingTimeout"

    /// - Parameters:
    ///   - limit: counted from now on.
    ///   - name: as a user knows it.
    ///   - spent: how much of it has passed already.
    package init(_ limit: Duration, on clock: RunClock, name: String = Self.parameter, spent: Duration = .zero) {
        self.limit = limit
        self.name = name
        self.clock = clock
        due = clock.reading.counted + limit - spent
    }

    /// What is left of it; zero or less once it has passed.
    package var left: Duration { due - clock.reading.counted }

    /// The failure of a connection that did not stand in time: the one message for this event, whoever notices it.
    /// - Parameter ownWait: what was waited for on this side, where it was not the far side; for `while … was waited for`.
    package func failure(of target: String, in phase: ConnectionPhase, ownWait: String? = nil) -> TransportError {
        let (seconds, attoseconds) = limit.components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        // So little time says nothing about the far side, and was hardly meant.
        let isShort = limit < Self.shortest
        if let ownWait, !isShort {
            return TransportError(
                .timedOut,
                phase: phase,
                "\(target): \(milliseconds) ms of \(name) ran out while \(ownWait) was waited for, on this side. Try it by itself, "
                    + "or allow more time."
            )
        }
        let activity = phase.activity + (isShort ? "" : phase.suspicion.map { ": \($0)" } ?? "")
        let advice =
            Self.advice(onShort: limit, named: name) ?? "See whether the far side answers, or allow more time."
        return TransportError(
            .timedOut,
            phase: phase,
            "\(target): \(milliseconds) ms of \(name) ran out while \(activity). \(advice)"
        )
    }

    /// What to say of a limit that is hardly meant so; nil for a longer one.
    package static func advice(onShort limit: Duration, named name: String = parameter) -> String? {
        guard limit < shortest else { return nil }
        let milliseconds = Int(limit / .milliseconds(1))
        return "That is very little: did you mean \(milliseconds) s? "
            + (name == parameter ? "\(name) counts milliseconds; " : "")
            + "--connecting-timeout \(milliseconds)s is in seconds."
    }

    /// Whoever gives less time than this may have thought of another unit.
    private static let shortest = Duration.milliseconds(500)
}
