/// How long answer rules may look at the prompts of one far side, which chooses their texts and how many there are.
///
/// A prompt has a few milliseconds, and so has a burst of prompts in all; then no more than a part of the time that passes.
struct PatternTime: Sendable {
    private static let mostOfPrompt = Duration.milliseconds(8)
    private static let mostOfBurst = Duration.milliseconds(40)
    /// What of the time that passes may go on patterns: a quarter.
    private static let share = 4

    private var left = mostOfBurst
    private var last = Duration.zero

    /// What a prompt has that came now.
    mutating func ofPrompt(at now: Duration) -> Duration {
        left = min(Self.mostOfBurst, left + max(.zero, now - last) / Self.share)
        last = now
        return min(Self.mostOfPrompt, left)
    }

    mutating func spend(_ time: Duration) { left = max(.zero, left - time) }
}
