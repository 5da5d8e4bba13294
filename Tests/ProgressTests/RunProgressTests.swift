import ConsoleText
import Progress
import Testing

@Suite("A run's progress")
struct RunProgressTests {
    /// 40 of 64 targets have ended by the 20th second, two a second; db02 opens its pool, and app02 wants an answer.
    private func busy() -> RunProgress {
        var progress = RunProgress(targets: 64)
        progress.began(90, name: "db02", at: .seconds(1))
        progress.isIn("psrp_open", 90)
        progress.began(91, name: "op@app02", at: .seconds(2))
        progress.asks(1, "op@app02's password")
        for index in 0..<40 {
            progress.began(index, name: "web\(index)", at: .milliseconds(500 * index))
            progress.ended(index, isWell: index % 20 != 0, at: .milliseconds(500 * (index + 1)))
        }
        return progress
    }

    @Test("A wide line has all: done, failed, running, rate, time left, who waits, and the slowest with its phase")
    func wide() {
        #expect(
            busy().line(at: .seconds(20), columns: 200)
                == "40/64 done, 2 failed, 2 running, 2.0/s, 0:12 left, waiting for you: op@app02's password, slowest db02 (psrp_open, 19 s)"
        )
    }

    @Test("What matters most stays where there is little room, and no line is wider than the terminal")
    func narrow() {
        let progress = busy()
        #expect(progress.line(at: .seconds(20), columns: 20) == "40/64 done, 2 failed")
        #expect(progress.line(at: .seconds(20), columns: 8) == "40/64 d…")
        #expect(progress.line(at: .seconds(20), columns: 40) == "40/64 done, 2 failed, waiting for you: …")
        #expect(progress.line(at: .seconds(20), columns: 0).isEmpty)
        for columns in 0...220 {
            let line = progress.line(at: .seconds(20), columns: columns)
            #expect(CellWidth.of(line) <= columns, "\(columns): \(line)")
        }
    }

    @Test("Wide characters count as two cells, and a name's control characters are shown as text")
    func cells() {
        var progress = RunProgress(targets: 2)
        progress.began(0, name: "\u{65E5}\u{672C}\u{8A9E}\u{1B}[2J\u{202E}", at: .zero)
        for columns in 0...80 {
            let line = progress.line(at: .seconds(9), columns: columns)
            #expect(CellWidth.of(line) <= columns, "\(columns): \(line)")
            #expect(!line.contains("\u{1B}") && !line.contains("\u{202E}"))
        }
        #expect(
            progress.line(at: .seconds(9), columns: 80).hasSuffix("slowest \u{65E5}\u{672C}\u{8A9E}^[[2J<202E> (9 s)")
        )
    }

    @Test("A rate is told once two targets have ended, and goes down where none ends any more")
    func rates() {
        var progress = RunProgress(targets: 10)
        #expect(progress.line(at: .seconds(5), columns: 80) == "0/10 done")
        progress.began(0, name: "a", at: .zero)
        progress.ended(0, isWell: true, at: .seconds(1))
        #expect(progress.line(at: .seconds(1), columns: 80) == "1/10 done")
        progress.began(1, name: "b", at: .zero)
        progress.ended(1, isWell: true, at: .seconds(2))
        #expect(progress.line(at: .seconds(2), columns: 80) == "2/10 done, 1.0/s, 0:08 left")
        #expect(progress.line(at: .seconds(200), columns: 80) == "2/10 done, 0.0/s, 13:20 left")
        #expect(progress.line(at: .seconds(20_000), columns: 80) == "2/10 done, 0.0/s, 22:13:20 left")
    }

    @Test("Of several questions the first is told, and the others are counted")
    func asking() {
        var progress = RunProgress(targets: 3)
        for index in 1...3 { progress.asks(index, "h\(index)'s password") }
        #expect(progress.line(at: .seconds(9), columns: 80) == "0/3 done, waiting for you: h1's password and 2 more")
        progress.answered(1)
        #expect(progress.line(at: .seconds(9), columns: 80) == "0/3 done, waiting for you: h2's password and 1 more")
        #expect(progress.isWaiting)
        progress.answered(2)
        progress.answered(3)
        #expect(!progress.isWaiting && progress.line(at: .seconds(9), columns: 80) == "0/3 done")
    }
}
