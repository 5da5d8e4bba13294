/// A place in a session, and how time moves it.
struct Playhead: Sendable, Hashable {
    /// Nanoseconds of the session.
    private(set) var position: UInt64 = 0
    /// How many pieces of text are shown.
    private(set) var shown = 0
    /// 2 plays twice as fast.
    var speed: Double
    /// The longest pause, as it is played; nil keeps all.
    let idleLimit: UInt64?

    init(speed: Double, idleLimit: UInt64?) {
        self.speed = speed
        self.idleLimit = idleLimit
    }

    func isAtEnd(_ timeline: Timeline) -> Bool {
        shown == timeline.count && position >= timeline.duration
    }

    /// Goes to a moment; the session's end is the latest.
    mutating func seek(to time: UInt64, _ timeline: Timeline) {
        position = min(time, timeline.duration)
        shown = timeline.shown(at: position)
    }

    /// Goes to where so many pieces are shown.
    /// - Parameter time: the moment, where it is later than the last piece's.
    mutating func seek(toPiece count: Int, at time: UInt64 = 0, _ timeline: Timeline) {
        shown = max(0, min(count, timeline.count))
        position = max(time, shown == 0 ? 0 : timeline.time(of: shown - 1))
    }

    /// Lets so many nanoseconds of a watcher's time pass.
    mutating func advance(by nanoseconds: UInt64, _ timeline: Timeline) {
        var left = Double(nanoseconds)
        while !isAtEnd(timeline) {
            let (next, rate) = next(timeline)
            let needed = next > position ? Double(next - position) / rate : 0
            guard needed <= left else {
                position += UInt64(left * rate)
                return
            }
            left -= needed
            seek(to: next, timeline)
        }
    }

    /// Nanoseconds of a watcher's time until something new is shown; nil at the end.
    func untilNext(_ timeline: Timeline) -> UInt64? {
        guard !isAtEnd(timeline) else { return nil }
        let (next, rate) = next(timeline)
        return next > position ? UInt64(min(Double(next - position) / rate, 9e18)) : 0
    }

    /// When the next piece comes, or the session ends, and how fast time passes until then.
    private func next(_ timeline: Timeline) -> (time: UInt64, rate: Double) {
        let next = shown < timeline.count ? timeline.time(of: shown) : timeline.duration
        let last = shown > 0 ? timeline.time(of: shown - 1) : 0
        guard let idleLimit, next > last, Double(next - last) / speed > Double(idleLimit) else { return (next, speed) }
        return (next, Double(next - last) / Double(max(idleLimit, 1)))
    }
}
