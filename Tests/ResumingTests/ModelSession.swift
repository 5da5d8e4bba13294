import PSRunTestSupport
import Playbooks
import RecordingFormat
import Resuming

@testable import Recording

/// One target's session as psrun runs and records it, in memory: what it sends, what it records, and behind which records
/// it waits for the disk before it sends more.
struct ModelSession {
    enum Move {
        case record(RecordedCode, String)
        /// Nothing that follows happens before all records are on disk.
        case commit
        /// Lines go to the far side, and run there.
        case send(ClosedRange<Int>)
    }

    static let run = "20261130T020000Z-night-00000"

    let description: RunDescription
    let start: TargetStart
    private(set) var moves: [Move] = []

    /// - Parameters:
    ///   - blocks: lines that are sent together; they follow each other through the whole playbook.
    ///   - name: the name of this run.
    init(_ blocks: [ClosedRange<Int>], from start: TargetStart, name: String, using random: inout SplitMix64) {
        let lines = blocks.last?.upperBound ?? 0
        description = RunDescription(
            playbookName: "night.ps1",
            playbookBytes: Array((1...lines).map { "line-\($0)\n" }.joined().utf8),
            startedSeconds: 1_795_312_800,
            psrunVersion: "0",
            targets: ["web01"],
            continued: ContinuedRun(run: PreviousRun(run: Self.run + "f", manifestHash: ""), starts: [start])
        )
        self.start = start
        moves = [.record(.connection, "psrun: a word")]
        guard !start.isHeld else {
            tell(blocks, unsent: blocks.first)
            end(.notRun)
            return
        }
        moves += [.record(.connection, "\(RecordedLead.opened)2.3"), .commit]
        if Bool.random(using: &random) {
            moves.append(.record(.connection, "blocks: where the parser says"))
        }
        for block in blocks where block.upperBound <= start.through { tellRan(block) }
        for block in blocks where block.lowerBound > start.through {
            // A connection may break between two lines, or a clock run out.
            if Int.random(in: 0..<40, using: &random) == 0 {
                tell(blocks, unsent: block)
                end([.broken, .timedOut][Int.random(in: 0...1, using: &random)])
                return
            }
            let begin: [Move] = [
                .record(.marker, StepMarker.text(firstLine: block.lowerBound)),
                .record(.input, block.map { "line-\($0)" }.joined(separator: "\n")),
            ]
            // A text of several lines is on record before it is sent.
            moves += block.count > 1 ? begin + [.commit, .send(block)] : [.send(block)] + begin
            moves += [.record(.output, "said\r\n"), .record(.step, Self.step(block, .ok)), .commit]
        }
        end(.ok)
    }

    /// What the journal of this session holds when psrun is killed behind so many moves, of which the disk has so many
    /// records: sealed by recovery, and read for resuming.
    func facts(of records: some Sequence<(RecordedCode, String)>) throws -> SessionFacts {
        var facts = SessionFacts(target: "web01")
        var progress = EntryProgress(from: start)
        var isEnded = false
        for (code, data) in records {
            progress.take(code, data.utf8)
            facts.take(code, data)
            isEnded = isEnded || code == .exit
        }
        guard !isEnded else { return facts }
        let failure = RecordedFailure(code: "RecordingTruncated", message: "killed")
        for step in progress.missingResults(RecordedPlaybook(description), for: failure) {
            facts.take(.step, String(decoding: step.encoded, as: UTF8.self))
        }
        let end = TargetRecord(target: "web01", outcome: .broken, truncatedBy: failure)
        facts.take(.exit, String(decoding: end.encoded, as: UTF8.self))
        return facts
    }

    private mutating func tell(_ blocks: [ClosedRange<Int>], unsent first: ClosedRange<Int>?) {
        guard let first else { return }
        for block in blocks where block.lowerBound >= first.lowerBound {
            if block.upperBound <= start.through {
                tellRan(block)
            } else {
                let doubt = start.doubt.flatMap { $0.lines.overlaps(block) ? $0 : nil }
                let outcome: RecordedOutcome = doubt == nil ? .notSent : .unknown
                moves.append(.record(.step, Self.step(block, outcome, earlierRun: doubt?.run)))
            }
        }
    }

    private mutating func tellRan(_ block: ClosedRange<Int>) {
        let run = start.run(ofLine: block.upperBound)
        moves.append(.record(.step, Self.step(block, .notSent, earlierRun: run)))
    }

    private mutating func end(_ outcome: RecordedOutcome) {
        let record = TargetRecord(
            target: "web01",
            outcome: outcome,
            exitCode: nil,
            phase: nil,
            durationMicroseconds: 1,
            phases: [],
            failure: nil
        )
        moves += [.record(.exit, String(decoding: record.encoded, as: UTF8.self)), .commit]
    }

    private static func step(
        _ lines: ClosedRange<Int>,
        _ outcome: RecordedOutcome,
        earlierRun: String? = nil
    ) -> String {
        let record = StepRecord(
            firstLine: lines.lowerBound,
            lastLine: lines.upperBound,
            text: "",
            outcome: outcome,
            succeeded: nil,
            lastExitCode: nil,
            earlierRun: earlierRun,
            startedMicroseconds: nil,
            durationMicroseconds: nil
        )
        return String(decoding: record.encoded, as: UTF8.self)
    }
}
