/// One session being played at a terminal: keys, sizes and the time go in, the bytes that paint the terminal come out.
package struct Player {
    /// What the player cannot do by itself.
    package enum Request: Sendable, Hashable {
        case quit, interrupt, suspend, nextTarget, previousTarget
    }

    enum Mode: Hashable {
        case session, help
        /// What is typed behind `:` or `/`.
        case prompt(Prompt, String)
    }

    enum Prompt: Hashable {
        case seek, search
    }

    static let slowest = 1.0 / 64
    static let fastest = 1_024.0

    let timeline: Timeline
    let labels: StatusLine.Labels
    private let makeSearch: (String) -> Result<TextSearch, SearchProblem>
    private var columns: Int
    private var rows: Int
    private var painter = FramePainter()
    private(set) var playhead: Playhead
    private(set) var isPlaying = true
    private(set) var mode = Mode.session
    /// Said once, until the next key.
    private(set) var message: String?
    private var search: TextSearch?
    private var place: Range<Int>?
    private var lastTick: UInt64
    /// What is asked of whoever drives the player; taken away by `takeRequest`.
    private var request: Request?

    /// Begins to play.
    /// - Parameters:
    ///   - idleLimit: the longest pause, in nanoseconds as it is played.
    ///   - makeSearch: what finds a pattern.
    ///   - now: nanoseconds of a clock that nobody sets, as all times of watching.
    package init(
        _ timeline: Timeline,
        labels: StatusLine.Labels,
        columns: Int,
        rows: Int,
        speed: Double,
        idleLimit: UInt64?,
        now: UInt64,
        makeSearch: @escaping (String) -> Result<TextSearch, SearchProblem>
    ) {
        self.timeline = timeline
        self.labels = labels
        self.columns = max(1, columns)
        self.rows = max(1, rows)
        self.makeSearch = makeSearch
        playhead = Playhead(speed: speed, idleLimit: idleLimit)
        lastTick = now
        playhead.seek(to: 0, timeline)
        tick(now: now)
    }

    package mutating func takeRequest() -> Request? {
        defer { request = nil }
        return request
    }

    /// The terminal has another size, or lost what was painted.
    package mutating func resize(columns: Int, rows: Int) {
        self.columns = max(1, columns)
        self.rows = max(1, rows)
        painter = FramePainter()
    }

    // MARK: Time

    /// Lets the time pass that has passed.
    package mutating func tick(now: UInt64) {
        if isPlaying, now > lastTick { playhead.advance(by: now - lastTick, timeline) }
        lastTick = max(lastTick, now)
        if playhead.isAtEnd(timeline) { isPlaying = false }
        if isPlaying { place = nil }
    }

    /// Nobody watched until now.
    package mutating func rest(until now: UInt64) {
        lastTick = max(lastTick, now)
    }

    /// Nanoseconds until `tick` has something to show; nil where nothing happens by itself.
    package var untilTick: UInt64? {
        guard isPlaying, let next = playhead.untilNext(timeline) else { return nil }
        return min(max(next, StatusLine.shortestFrame), StatusLine.clockInterval)
    }

    // MARK: Keys

    package mutating func press(_ key: Key, now: UInt64) {
        tick(now: now)
        message = nil
        switch (mode, key) {
        case (_, .control("c")): request = .interrupt
        case (_, .control("z")): request = .suspend
        case (_, .control("l")): painter = FramePainter()
        case (.help, _): mode = .session
        case (.prompt(let prompt, let typed), _): type(key, prompt, typed)
        case (.session, .character("q")), (.session, .control("d")): request = .quit
        case (.session, .tab), (.session, .character("}")): request = .nextTarget
        case (.session, .backTab), (.session, .character("{")): request = .previousTarget
        case (.session, _): move(key)
        }
    }

    private mutating func move(_ key: Key) {
        switch key {
        case .character("?"), .character("h"): mode = .help
        case .character(":"): mode = .prompt(.seek, "")
        case .character("/"): mode = .prompt(.search, "")
        case .character(let digit) where digit.isASCII && digit.isNumber: mode = .prompt(.seek, String(digit))
        case .character(" "): playOrPause()
        case .character("."): stepPiece(1)
        case .character(","): stepPiece(-1)
        case .character("]"), .down, .pageDown: goToStep { $0 > $1 }
        case .character("["), .up, .pageUp: goToStep { $0 < $1 }
        case .right: seek(seconds: 5)
        case .left: seek(seconds: -5)
        case .character(">"): seek(seconds: 60)
        case .character("<"): seek(seconds: -60)
        case .home, .character("g"): go { $0.seek(toPiece: 0, $1) }
        case .end, .character("G"): go { $0.seek(to: .max, $1) }
        case .character("+"): playhead.speed = min(playhead.speed * 2, Self.fastest)
        case .character("-"): playhead.speed = max(playhead.speed / 2, Self.slowest)
        case .character("="): playhead.speed = 1
        case .character("n"): searchOn()
        case .character("N"): searchBack()
        default: break
        }
    }

    private mutating func playOrPause() {
        if playhead.isAtEnd(timeline) { go { $0.seek(toPiece: 0, $1) } }
        isPlaying.toggle()
    }

    private mutating func go(_ move: (inout Playhead, Timeline) -> Void) {
        move(&playhead, timeline)
        place = nil
    }

    private mutating func stepPiece(_ count: Int) {
        isPlaying = false
        go { $0.seek(toPiece: $0.shown + count, $1) }
    }

    private mutating func seek(seconds: Int64) {
        let (time, overflow) = Int64(playhead.position).addingReportingOverflow(seconds * 1_000_000_000)
        go { $0.seek(to: overflow ? .max : UInt64(max(0, time)), $1) }
    }

    /// Goes to the nearest step that begins behind or before what is shown.
    private mutating func goToStep(_ isThere: (_ step: Int, _ shown: Int) -> Bool) {
        let steps = timeline.steps.indices.filter { isThere(timeline.steps[$0].shown, playhead.shown) }
        let isForward = isThere(1, 0)
        if let step = isForward ? steps.first : steps.last {
            goToStep(step)
        } else {
            go { isForward ? $0.seek(to: .max, $1) : $0.seek(toPiece: 0, $1) }
        }
    }

    private mutating func goToStep(_ index: Int) {
        let step = timeline.steps[index]
        go { $0.seek(toPiece: step.shown, at: step.time, $1) }
    }

    // MARK: Prompts

    private mutating func type(_ key: Key, _ prompt: Prompt, _ typed: String) {
        switch key {
        case .enter:
            mode = .session
            switch prompt {
            case .seek: seek(typed)
            case .search: begin(search: typed)
            }
        case .escape: mode = .session
        case .backspace: mode = typed.isEmpty ? .session : .prompt(prompt, String(typed.dropLast()))
        case .control("u"): mode = .prompt(prompt, "")
        case .character(let character) where typed.count < 1_000: mode = .prompt(prompt, typed + String(character))
        default: break
        }
    }

    private mutating func seek(_ typed: String) {
        guard !typed.isEmpty else { return }
        switch SeekTarget(typed) {
        case .step(let number) where number > 0 && number <= timeline.steps.count: goToStep(number - 1)
        case .step:
            message =
                timeline.steps.isEmpty ? "There are no steps." : "There are steps 1 to \(timeline.steps.count)."
        case .time(let time): go { $0.seek(to: time, $1) }
        case nil: message = "Type a step's number, or a time such as 1m20s or 1:20."
        }
    }

    private mutating func begin(search typed: String) {
        if !typed.isEmpty {
            switch makeSearch(typed) {
            case .success(let found): search = found
            case .failure(let problem):
                message = problem.message
                return
            }
        }
        searchOn()
    }

    private mutating func searchOn() {
        guard let search else { return message = "Type / and what to look for." }
        let start = place?.lowerBound ?? timeline.end(playhead.shown) - 1
        let next = timeline.firstPlace(of: search, behind: start)
        show(next ?? timeline.firstPlace(of: search, behind: -1), wrapped: next == nil, search)
    }

    private mutating func searchBack() {
        guard let search else { return message = "Type / and what to look for." }
        let next = timeline.lastPlace(of: search, before: place?.lowerBound ?? timeline.end(playhead.shown))
        show(next ?? timeline.lastPlace(of: search, before: .max), wrapped: next == nil, search)
    }

    private mutating func show(_ found: Range<Int>?, wrapped: Bool, _ search: TextSearch) {
        guard let found else { return message = "Not found: \(search.pattern)" }
        if wrapped { message = "The search wrapped around: \(search.pattern)" }
        isPlaying = false
        playhead.seek(toPiece: timeline.piece(at: found.upperBound - 1) + 1, timeline)
        place = found
    }

    // MARK: Frames

    /// What the terminal has to be sent so that it shows the session as it is now; empty where it does.
    package mutating func frame() -> [UInt8] {
        let height = rows > 1 ? rows - 1 : 1
        var screen = self.screen(height: height)
        if mode == .help { screen = HelpPage.screen(columns: columns, rows: height) }
        guard rows > 1 else { return painter.paint(screen, status: nil, rows: rows) }
        return painter.paint(screen, status: StatusLine(self).painted(columns: columns), rows: rows)
    }

    /// What is seen of the session now.
    func screen(height: Int) -> Screen {
        var end = timeline.end(playhead.shown)
        if let place { end = timeline.viewEnd(showing: place, end: end, columns: columns, rows: height) }
        return timeline.screen(end: end, columns: columns, rows: height, search: place == nil ? nil : search)
    }
}

/// Why a pattern cannot be searched for, as it is told to the person.
package struct SearchProblem: Error, Sendable, Hashable {
    package let message: String

    package init(message: String) {
        self.message = message
    }
}
