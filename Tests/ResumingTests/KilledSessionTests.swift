import PSRunTestSupport
import Playbooks
import Recording
import RecordingFormat
import Resuming
import Testing

/// Random sessions, each cut at every record, and continued until nothing is left.
struct KilledSessionTests {
    @Test("Of a session that is cut at any record, no line that may have run is left to be sent")
    func everyCut() throws {
        var random = SplitMix64(seed: 1)
        var cuts = 0
        for _ in 0..<300 {
            let blocks = Self.blocks(using: &random)
            let start = Self.start(blocks, using: &random)
            let session = ModelSession(blocks, from: start, name: Self.name(1), using: &random)
            let count = session.moves.count { if case .record = $0 { true } else { false } }
            for kept in 0...count {
                cuts += 1
                let (records, sent) = Self.cut(session, keeping: kept)
                let standing = Standing(try session.facts(of: records), of: Self.name(1))
                try Self.check(standing, start, sent, blocks, "\(blocks) \(start) cut behind \(kept) records")
            }
        }
        print("\(cuts) cuts")
    }

    @Test("A target that is killed and resumed again and again is sent each line once, or is held with a line in doubt")
    func againAndAgain() throws {
        var random = SplitMix64(seed: 2)
        var (held, whole) = (0, 0)
        for round in 0..<200 {
            let blocks = Self.blocks(using: &random)
            var counts: [Int: Int] = [:]
            var start = TargetStart.beginning
            var repeated: Set<Int> = []
            for number in 1...20 {
                let session = ModelSession(blocks, from: start, name: Self.name(number), using: &random)
                let count = session.moves.count { if case .record = $0 { true } else { false } }
                let (records, sent) = Self.cut(session, keeping: Int.random(in: 0...count, using: &random))
                // How much of what could be sent was sent is anybody's guess.
                for lines in sent.sure + sent.possible.prefix(Int.random(in: 0...sent.possible.count, using: &random)) {
                    for line in lines { counts[line, default: 0] += 1 }
                }
                switch Standing(try session.facts(of: records), of: Self.name(number)) {
                case .open(let next): start = next
                case .whole:
                    whole += 1
                    for line in 1...(blocks.last?.upperBound ?? 0) where !repeated.contains(line) {
                        #expect(counts[line] == 1, "round \(round), line \(line) of \(blocks)")
                    }
                    start = .beginning
                case .inDoubt(let next):
                    held += 1
                    start = next
                    // Now and then somebody looks, and asks for it.
                    start.repeatsDoubt = Int.random(in: 0..<4, using: &random) == 0
                    if start.repeatsDoubt, let doubt = next.doubt {
                        for block in blocks where block.overlaps(doubt.lines) { repeated.formUnion(block) }
                    }
                }
                for (line, count) in counts where count > 1 {
                    #expect(
                        repeated.contains(line),
                        "round \(round): line \(line) of \(blocks) was sent \(count) times"
                    )
                }
                if start == .beginning, !counts.isEmpty { break }
            }
        }
        print("\(held) times in doubt, \(whole) targets whole")
        #expect(held > 100 && whole > 50)
    }

    private static func name(_ number: Int) -> String { "\(ModelSession.run)\(String(number, radix: 36).suffix(1))" }

    private static func blocks(using random: inout SplitMix64) -> [ClosedRange<Int>] {
        var blocks: [ClosedRange<Int>] = []
        var line = 1
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let last = line + max(0, Int.random(in: -3...3, using: &random))
            blocks.append(line...last)
            line = last + 1
        }
        return blocks
    }

    private static func start(_ blocks: [ClosedRange<Int>], using random: inout SplitMix64) -> TargetStart {
        var start = TargetStart()
        let ran = Int.random(in: 0..<blocks.count, using: &random)
        if ran > 0 { start.ran = [.init(through: blocks[ran - 1].upperBound, run: name(0))] }
        if Bool.random(using: &random) {
            start.doubt = .init(blocks[ran], run: name(0))
            start.repeatsDoubt = Bool.random(using: &random)
        }
        return start
    }

    /// The records that are left, and what was sent: for sure, since its end is among them, and what may have been sent by
    /// then.
    private static func cut(
        _ session: ModelSession,
        keeping kept: Int
    ) -> (records: [(RecordedCode, String)], sent: (sure: [ClosedRange<Int>], possible: [ClosedRange<Int>])) {
        var records: [(RecordedCode, String)] = []
        var count = 0
        var (sure, possible): ([ClosedRange<Int>], [ClosedRange<Int>]) = ([], [])
        for move in session.moves {
            switch move {
            case .record(let code, let data):
                count += 1
                guard count <= kept else { continue }
                records.append((code, data))
                if code == .step, StepRecord(parsing: data.utf8)?.outcome == .ok {
                    sure += possible
                    possible = []
                }
            case .commit: if count > kept { return (records, (sure, possible)) }
            case .send(let lines): possible.append(lines)
            }
        }
        return (records, (sure, possible))
    }

    private static func check(
        _ standing: Standing,
        _ start: TargetStart,
        _ sent: (sure: [ClosedRange<Int>], possible: [ClosedRange<Int>]),
        _ blocks: [ClosedRange<Int>],
        _ place: String
    ) throws {
        let next: TargetStart
        switch standing {
        case .open(let start), .inDoubt(let start): next = start
        case .whole:
            let last = blocks.last?.upperBound ?? 0
            #expect(sent.sure.last?.upperBound == last && sent.possible.isEmpty, "\(place): whole")
            return
        }
        let surely = max(start.through, sent.sure.last?.upperBound ?? 0)
        #expect(next.through == surely, "\(place): \(standing)")
        for lines in sent.possible {
            #expect(
                next.doubt.map { $0.lines.contains(lines.lowerBound) && $0.lines.contains(lines.upperBound) } == true
            )
        }
        // A line in doubt stays in doubt until somebody has it sent.
        if let doubt = start.doubt, sent.sure.isEmpty, start.isHeld || sent.possible.isEmpty {
            #expect(next.doubt?.lines == doubt.lines, "\(place): \(standing)")
        }
    }
}
