/// How far a run is: what happened to its targets goes in with the time, a line for a terminal comes out.
///
/// Times are from the run's beginning on. It keeps the targets that are under way, and of the others counts.
package struct RunProgress: Sendable {
    struct Target: Sendable {
        let name: String
        let began: Duration
        var phase = ""
    }

    /// So many of the targets that ended last tell the rate.
    private static let rateTargets = 32

    let targets: Int
    private(set) var done = 0
    private(set) var notWell = 0
    private(set) var running: [Int: Target] = [:]
    /// What a person is asked, by the numbers of the questions.
    private var questions: [Int: String] = [:]
    private var started: Duration?
    /// When the last targets ended, in their order.
    private var ends: [Duration] = []

    /// - Parameter targets: how many the run has.
    package init(targets: Int) {
        self.targets = targets
    }

    /// A target is under way.
    /// - Parameter index: its number among the run's.
    package mutating func began(_ index: Int, name: String, at now: Duration) {
        running[index] = Target(name: name, began: now)
        started = started ?? now
    }

    /// A target is in this phase of its connection, or at this line.
    package mutating func isIn(_ phase: String, _ index: Int) { running[index]?.phase = phase }

    /// A person is asked something: `op@app02's password`.
    package mutating func asks(_ question: Int, _ what: String) { questions[question] = what }

    /// A question has its answer, or will have none.
    package mutating func answered(_ question: Int) { questions[question] = nil }

    /// Whether somebody waits for an answer.
    package var isWaiting: Bool { !questions.isEmpty }

    /// A target's session is over.
    package mutating func ended(_ index: Int, isWell: Bool, at now: Duration) {
        running[index] = nil
        done += 1
        if !isWell { notWell += 1 }
        ends.append(now)
        if ends.count > Self.rateTargets { ends.removeFirst() }
    }

    /// The numbers of the targets that are under way.
    package var underWay: [Int] { Array(running.keys) }

    /// Targets a second, of late; nil where too few have ended to tell.
    func rate(at now: Duration) -> Double? {
        guard ends.count > 1, let first = ends.count < Self.rateTargets ? started : ends.first else { return nil }
        let counted = ends.count < Self.rateTargets ? ends.count : ends.count - 1
        let seconds = (now - first) / .seconds(1)
        return seconds > 0.1 ? Double(counted) / seconds : nil
    }

    /// What a person is asked, the first question first.
    var asked: [String] { questions.sorted { $0.key < $1.key }.map(\.value) }

    /// The target that has been under way for longest.
    var slowest: Target? {
        running.min { ($0.value.began, $0.key) < ($1.value.began, $1.key) }?.value
    }
}
