/// How late this process woke up from short sleeps, at worst, while something ran: what a machine that is busy with other
/// things adds to every clock.
package struct SchedulingDelay: Sendable {
    private let sampler: Task<Duration, Never>

    /// Begins to measure.
    package init() {
        sampler = Task {
            var worst = Duration.zero
            while !Task.isCancelled {
                let next = ContinuousClock.now + .milliseconds(15)
                try? await Task.sleep(until: next, clock: .continuous)
                worst = max(worst, ContinuousClock.now - next)
            }
            return worst
        }
    }

    /// The worst delay so far; ends the measuring.
    package func end() async -> Duration {
        sampler.cancel()
        return await sampler.value
    }

}
