import Testing

@testable import Replay

@Suite struct PlayerTests {
    private static let second: UInt64 = 1_000_000_000

    /// Three steps of three lines, a line each ten seconds.
    private static let timeline: Timeline = {
        var timeline = Timeline(colored: true)
        for step in 0..<3 {
            let moment = step * 30
            timeline.beginStep("line \(step + 1)", at: UInt64(moment) * second)
            timeline.append("> step \(step)\r\n", second: moment)
            timeline.nameStep("step \(step)", at: UInt64(moment) * second)
            timeline.append("fine\r\n", second: moment + 10)
            timeline.append("error \(step)\r\n", second: moment + 20)
        }
        timeline.pass(100 * second)
        return timeline
    }()

    private static func player(
        _ timeline: Timeline = timeline,
        speed: Double = 1,
        idleLimit: UInt64? = nil,
        columns: Int = 100,
        rows: Int = 24
    ) -> Player {
        Player(
            timeline,
            labels: StatusLine.Labels(target: "web1", number: "1/2", warning: "recovered"),
            columns: columns,
            rows: rows,
            speed: speed,
            idleLimit: idleLimit,
            now: 0
        ) { pattern in
            guard pattern != "(" else { return .failure(SearchProblem(message: "No pattern: (")) }
            return .success(
                TextSearch(pattern) { line in
                    String(decoding: line, as: UTF8.self).ranges(of: pattern).map { range in
                        let text = String(decoding: line, as: UTF8.self)
                        let start = text.utf8.distance(from: text.startIndex, to: range.lowerBound)
                        return start..<(start + pattern.utf8.count)
                    }
                }
            )
        }
    }

    private static func press(_ keys: String, _ player: inout Player, now: UInt64 = 0) {
        var decoder = KeyDecoder()
        for key in decoder.receive(Array(keys.utf8)) { player.press(key, now: now) }
    }

    private static func status(_ player: Player) -> String {
        String(decoding: StatusLine(player).painted(columns: 100).bytes, as: UTF8.self)
            .replacing("\u{1B}[0;7m", with: "").trimmingBlanks
    }

    @Test("The recording plays as time passes")
    func timePlaysIt() {
        var player = Self.player()
        #expect(Self.status(player) == "playing  0:00.0/1:40.0  step 1/3  web1 1/2  RECOVERED  ? help  line 1: step 0")
        #expect(player.playhead.shown == 1)
        #expect(player.untilTick == StatusLine.clockInterval)
        player.tick(now: 10 * Self.second)
        #expect(player.playhead.shown == 2)
        player.tick(now: 9 * Self.second)
        player.tick(now: 35 * Self.second)
        #expect(Self.status(player).hasPrefix("playing  0:35.0/1:40.0  step 2/3"))
        player.tick(now: 400 * Self.second)
        #expect(Self.status(player).hasPrefix("end      1:40.0/1:40.0  step 3/3"))
        #expect(player.untilTick == nil)
        Self.press(" ", &player, now: 500 * Self.second)
        player.tick(now: 512 * Self.second)
        #expect(player.playhead.position == 12 * Self.second)
    }

    @Test("Speed and idle limit change how long it takes to watch")
    func speedAndIdleLimitChangeTheTimeOfWatching() {
        var fast = Self.player(speed: 4)
        fast.tick(now: 5 * Self.second)
        #expect(fast.playhead.position == 20 * Self.second)
        Self.press("++--=", &fast, now: 5 * Self.second)
        fast.tick(now: 6 * Self.second)
        #expect(fast.playhead.position == 21 * Self.second)
        var brief = Self.player(idleLimit: Self.second)
        brief.tick(now: Self.second / 2)
        #expect(brief.playhead.position == 5 * Self.second)
        brief.tick(now: 3 * Self.second)
        #expect(brief.playhead.shown == 4)
        var none = Self.player(idleLimit: 0)
        none.tick(now: 1)
        none.tick(now: 1_000)
        #expect(none.playhead.isAtEnd(Self.timeline))
    }

    @Test("A speed beyond all numbers is shown")
    func aSpeedBeyondAllNumbersIsShown() {
        #expect(Self.status(Self.player(speed: 1e30)).contains("  x1e+30  "))
        #expect(Self.status(Self.player(speed: 0.25)).contains("  x0.25  "))
        #expect(Self.status(Self.player(speed: 4)).contains("  x4  "))
    }

    @Test(
        "Keys seek to places",
        arguments: [
            (" .", 2), (" ..,", 2), (" ,,,", 0), ("]", 4), ("]]", 7), ("]]]", 9), ("]][", 4), ("[", 0), ("3\r", 7),
            (":2\r", 4), (":25s\r", 3), (":1:05\r", 7), ("G", 9), ("Gg", 0), ("\u{1B}[C\u{1B}[C", 2), (">", 7),
            (">>>", 9),
            ("><", 1), (":50s\r\u{1B}[D", 5), (":\u{1B}\u{1B}[6~", 4), (":9\u{7F}2\r", 4), (":9\u{15}2\r", 4),
        ]
    )
    func keysSeek(keys: String, shown: Int) {
        var player = Self.player()
        Self.press(keys, &player)
        #expect(player.playhead.shown == shown)
    }

    @Test("A wrong place is said, and nothing moves")
    func aWrongPlaceIsSaidAndNothingMoves() {
        var player = Self.player()
        Self.press(" ", &player)
        for (keys, said) in [
            (":9\r", "There are steps 1 to 3."), (":soon\r", "Type a step's number, or a time such as 1m20s or 1:20."),
            ("n", "Type / and what to look for."), ("/(\r", "No pattern: ("), ("/nowhere\r", "Not found: nowhere"),
        ] {
            Self.press(keys, &player)
            #expect(Self.status(player) == said)
            #expect(player.playhead.shown == 1)
        }
        Self.press("=", &player)
        #expect(Self.status(player).hasPrefix("paused"))
    }

    @Test("A search goes to the moment of each place")
    func searchGoesToTheMomentOfEachPlace() {
        var player = Self.player()
        Self.press("/error\r", &player)
        #expect(player.playhead.shown == 3)
        #expect(player.screen(height: 23).rows[2] == Array("\u{1B}[0;7merror\u{1B}[0m 0".utf8))
        Self.press("nn", &player)
        #expect(player.playhead.shown == 9)
        Self.press("n", &player)
        #expect(player.playhead.shown == 3)
        #expect(Self.status(player) == "The search wrapped around: error")
        Self.press("N", &player)
        #expect(player.playhead.shown == 9)
        Self.press("NN", &player)
        #expect(player.playhead.shown == 3)
        #expect(!player.isPlaying)
        Self.press(".", &player)
        #expect(player.screen(height: 23).text.last == "")
    }

    @Test("A place far up in a piece is on the screen")
    func aPlaceFarUpInAPieceIsOnTheScreen() {
        let many = (0..<500).map { $0 == 100 ? "the \u{1B}[1mneed\u{1B}[0mle\r\n" : "line \($0)\r\n" }.joined()
        var player = Self.player(Timeline(pieces: ["first\r\n", many]))
        Self.press("/needle\r", &player)
        #expect(player.playhead.shown == 2)
        let rows = player.screen(height: 23).text
        #expect(rows.contains("the needle"))
        #expect(rows.last == "line 110")
        Self.press("G", &player)
        #expect(player.screen(height: 23).text.suffix(2) == ["line 499", ""])
    }

    @Test("Keys ask for other targets and for the end")
    func otherTargetsAndTheEndAreAskedFor() {
        for (keys, request) in [
            ("q", Player.Request.quit), ("\u{4}", .quit), ("\u{3}", .interrupt), ("/x\u{3}", .interrupt),
            ("\u{1A}", .suspend), ("\t", .nextTarget), ("}", .nextTarget), ("\u{1B}[Z", .previousTarget),
        ] {
            var player = Self.player()
            Self.press(keys, &player)
            #expect(player.takeRequest() == request)
            #expect(player.takeRequest() == nil)
        }
        var player = Self.player()
        Self.press("/q\rq?q", &player)
        #expect(player.takeRequest() == .quit)
        Self.press("?q", &player)
        #expect(player.takeRequest() == nil, "on the help page it only goes back")
    }

    @Test("A frame sends nothing where nothing has changed")
    func framesSendNothingWhereNothingChanged() {
        var player = Self.player(rows: 4)
        #expect(String(decoding: player.frame(), as: UTF8.self).contains("\u{1B}[2J"))
        #expect(player.frame().isEmpty)
        Self.press(" .", &player)
        let frame = String(decoding: player.frame(), as: UTF8.self)
        #expect(frame.hasPrefix("\u{1B}[?2026h\u{1B}[?25l\u{1B}[2;1H"))
        #expect(frame.contains("fine") && !frame.contains("> step") && !frame.contains("\u{1B}[2J"))
        player.resize(columns: 20, rows: 1)
        #expect(!String(decoding: player.frame(), as: UTF8.self).contains("paused"))
    }

    @Test("The prompt shows the end of what is typed")
    func thePromptShowsTheEndOfWhatIsTyped() {
        var player = Self.player()
        Self.press("/" + String(repeating: "ab", count: 20), &player)
        let line = StatusLine(player).painted(columns: 10)
        #expect(String(decoding: line.bytes, as: UTF8.self) == "babababab")
        #expect(line.cursor == 9)
    }

    @Test(
        "Clocks are shown in hours, minutes and seconds",
        arguments: [(0, "0:00.0"), (61_250, "1:01.2"), (3_661_000, "1:01:01.0"), (36_000_000, "10:00:00.0")]
    )
    func clocks(milliseconds: UInt64, text: String) {
        #expect(StatusLine.clock(milliseconds * 1_000_000) == text)
    }
}

extension String {
    fileprivate var trimmingBlanks: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
