/// Decides which of a group's loops the next target goes to, and how many of them get targets at all.
///
/// Another loop helps where those in use have no processor time left. Where the far side is the limit it only adds sleeps
/// and wake-ups, so it gets no targets there.
package struct LoopPlacement: Sendable {
    /// Loops that use more than this share of a processor each are busy, and one more gets targets. Above it, what waits for
    /// a loop waits for more than twice the work itself takes (a queue at a share p waits for p / (1 - p) of it).
    package static let busyShare = 0.7
    /// Where one loop fewer would use no more than this share of a processor, one gets no more targets.
    package static let idleShare = 0.5
    /// How long what the loops have used is summed up, at least: long enough for a share, short against a target.
    package static let window = Duration.milliseconds(100)
    /// Beyond so many targets for each loop one more gets targets anyway: targets that begin at once are spread before any of
    /// them has used anything.
    package static let targetsPerLoop = 64

    /// How many targets each loop has, by its number.
    private var targets: [Int]
    private var loopsInUse = 1
    private var looked: ContinuousClock.Instant
    private var used = Duration.zero

    /// - Parameters:
    ///   - count: of loops, at least 1.
    ///   - now: when they begin.
    package init(count: Int, at now: ContinuousClock.Instant) {
        targets = Array(repeating: 0, count: count)
        looked = now
    }

    /// The number of the loop that the next target goes to, where it stays: of those in use, the first with the fewest targets.
    /// - Parameter used: what all loops together have used so far of processors' time; asked once a window at most.
    package mutating func next(at now: ContinuousClock.Instant, used: () -> Duration) -> Int {
        look(at: now, used)
        let needed = targets.reduce(0, +) / Self.targetsPerLoop + 1
        let candidates = targets.indices.prefix(max(loopsInUse, needed))
        let number = candidates.min { targets[$0] < targets[$1] } ?? 0
        targets[number] += 1
        return number
    }

    /// A target of a loop has ended.
    package mutating func leave(_ number: Int) { targets[number] -= 1 }

    private mutating func look(at now: ContinuousClock.Instant, _ used: () -> Duration) {
        let passed = now - looked
        guard passed >= Self.window else { return }
        let used = used()
        let share = (used - self.used) / passed
        (looked, self.used) = (now, used)
        if share > Self.busyShare * Double(loopsInUse), loopsInUse < targets.count { loopsInUse += 1 }
        while loopsInUse > 1, share < Self.idleShare * Double(loopsInUse - 1) { loopsInUse -= 1 }
    }
}
