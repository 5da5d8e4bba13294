import Connections
import Files
import KeptSessions
import Synchronization

/// How long the broker may take for what it is asked. A person's time to answer is not counted.
final class CallTime: Sendable {
    private let place: BrokerPlace
    private let clock: RunClock
    /// Of all of it; nil for the standard.
    private let limit: Duration?
    /// Whether what is asked may take its time once the broker has said that it is at it.
    private let isOpening: Bool
    /// What may have come of it once it was asked, as the beginning of a sentence; nil for nothing.
    private let effect: String?
    private let isAsked = Atomic(false)
    private let isAnswered = Atomic(false)

    /// What carries a session that is opened has the same limit, and tells more of what was waited for.
    private static let margin = Duration.milliseconds(80)
    private static let standard = Duration.seconds(KeptSessionLimits.answerSeconds)

    /// - Parameters:
    ///   - limit: from now on, or from when `clock` began.
    ///   - isOpening: whether what is asked may take its time once the broker is at it.
    ///   - effect: what may have come of it once it was asked: `The session may be closed`; nil for nothing.
    init(
        _ limit: Duration?,
        at place: BrokerPlace,
        isOpening: Bool = false,
        effect: String? = nil,
        clock: RunClock = RunClock()
    ) {
        self.effect = effect
        self.clock = clock
        self.limit = limit
        self.place = place
        self.isOpening = isOpening
    }

    /// The broker is being asked.
    func isAsking() { isAsked.store(true, ordering: .relaxed) }

    /// The broker has said something.
    func hasAnswered() { isAnswered.store(true, ordering: .relaxed) }

    func whileAsking<Result>(_ body: () async -> Result) async -> Result { await clock.whileAsking(body) }

    /// Gives `body` up once the time is over.
    /// - Throws: BrokerError; what `body` throws.
    func bound<Value: Sendable>(_ body: @escaping @Sendable (CallTime) async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await body(self) }
            group.addTask { throw try await self.end() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }

    private var left: Duration? {
        if let limit { return limit + (isOpening ? Self.margin : .zero) - clock.reading.counted }
        return isOpening && isAnswered.load(ordering: .relaxed) ? nil : Self.standard - clock.reading.counted
    }

    /// Waits until the time is over.
    private func end() async throws -> BrokerError {
        while let left, left > .zero { try await Task.sleep(for: max(left, .milliseconds(5))) }
        // Nothing bounds it any more.
        while left == nil { try await Task.sleep(for: .seconds(3_600)) }
        return BrokerError(
            Self.message(
                at: place.control,
                limit,
                place.silence(of: limit ?? Self.standard),
                hasAnswered: isAnswered.load(ordering: .relaxed),
                effect: isAsked.load(ordering: .relaxed) ? effect : nil
            ),
            exitCode: isOpening ? 4 : 1
        )
    }

    /// - Parameters:
    ///   - limit: nil for the standard.
    ///   - hasAnswered: whether it has said something, and is at it.
    ///   - effect: what may have come of the question, or come yet, as a clause; nil for nothing.
    static func message(
        at control: String,
        _ limit: Duration?,
        _ silence: BrokerSilence,
        hasAnswered: Bool,
        effect: String?
    ) -> String {
        let given = limit.map { "within the \(Int($0 / .milliseconds(1))) ms of \(ConnectingDeadline.parameter)" }
        let time = given ?? "for \(KeptSessionLimits.answerSeconds) s"
        let event =
            switch silence {
            case .runs where hasAnswered: "was not done \(time) with what it was asked at \(control)"
            case .runs: "had not answered at \(control) \(time)"
            case .unknown, .hangs, .stopped: "does not answer at \(control) \(time)"
            }
        let tail = effect.map { " \($0): `psrun session list` tells." } ?? ""
        let advice = limit.flatMap { ConnectingDeadline.advice(onShort: $0) }.map { " \($0)" } ?? ""
        return "The broker of kept sessions \(event): \(silence.advice).\(tail)\(advice)"
    }
}
