import Patterns
import Recording
import RecordingFormat
import Threads

/// A run's outputs, each come down to a hash: what it takes to compare thousands of targets without keeping what they said.
package struct RunDigest: Sendable {
    package let run: FrameIndex
    package let masks: OutputMasks
    /// In the order of the run's targets; without those that cannot be read.
    package private(set) var targets: [TargetDigest] = []
    /// Why some are missing.
    package private(set) var failures: [SearchFailure] = []

    private typealias Outcome = (digests: [TargetDigest], failures: [SearchFailure])

    /// Reads all wanted entries, and checks each against SHA256SUMS.
    package init(of run: FrameIndex, masks: OutputMasks, threads: Int) {
        self.run = run
        self.masks = masks
        var outcomes: [Outcome] = []
        OrderedWork.run(run.frames.count, threads: threads) {
            (FrameReader(), TranscriptReader(masks))
        } work: { tools, frame -> Outcome in
            Self.digest(frame, of: run, tools.0, tools.1)
        } take: { _, outcome in
            outcomes.append(outcome)
            return true
        }
        targets = outcomes.flatMap(\.digests).sorted { $0.place.entry < $1.place.entry }
        failures = outcomes.flatMap(\.failures)
    }

    private static func digest(
        _ frame: Int,
        of run: FrameIndex,
        _ reader: FrameReader,
        _ transcript: TranscriptReader
    ) -> Outcome {
        var outcome: Outcome = ([], [])
        var sum = SHA256()
        var output = SHA256()
        var target = ""
        var isGivenUp = false
        do {
            try reader.read(run.frames[frame], of: run.archive) { piece in
                if piece.isFirst {
                    target = run.target(of: piece.place)
                    transcript.begin(target: target)
                    sum = SHA256()
                    output = SHA256()
                    isGivenUp = false
                }
                sum.update(piece.text)
                // One host's line must not keep others from being compared.
                do throws(PatternError) {
                    if !isGivenUp { try transcript.read(piece.text) { output.update($0 + [0x0A]) } }
                    if !isGivenUp, piece.isLast { try transcript.finish { output.update($0 + [0x0A]) } }
                } catch {
                    isGivenUp = true
                    outcome.failures.append(SearchFailure(error, in: run, target: target))
                }
                guard piece.isLast, !isGivenUp else { return true }
                guard sum.hexadecimalDigest() == run.hash(of: piece.place) else {
                    outcome.failures.append(
                        .recording(
                            run.archive.damage("\(target) is not what was sealed (its SHA-256 differs)"),
                            run: run.manifest.run
                        )
                    )
                    return true
                }
                outcome.digests.append(
                    TargetDigest(
                        target: target,
                        outcome: transcript.outcome.rawValue,
                        output: output.hexadecimalDigest(),
                        frame: frame,
                        place: piece.place
                    )
                )
                return true
            }
        } catch {
            outcome.failures.append(SearchFailure(error, in: run, target: target))
        }
        return outcome
    }
}

extension SearchFailure {
    init(_ error: any Error, in run: FrameIndex, target: String) {
        switch error {
        case let error as RecordingError: self = .recording(error, run: run.manifest.run)
        case let error as PatternError: self = .pattern(error, run: run.manifest.run, target: target)
        default: self = .recording(run.archive.damage("\(error)"), run: run.manifest.run)
        }
    }
}

/// Reads single outputs again, to be shown: on one thread.
final class TranscriptFetcher {
    /// Of an output that is longer, the beginning is compared.
    private static let mostBytes = 64 << 20

    private let reader = FrameReader()

    /// The masked lines of a target's output.
    func lines(of digest: TargetDigest, in run: RunDigest) throws(SearchFailure) -> [String] {
        let transcript = TranscriptReader(run.masks)
        var frame = run.run.frames[digest.frame]
        frame.entries = [digest.place]
        frame.textLength = digest.place.offset + digest.place.length
        var lines: [String] = []
        var bytes = 0
        func take(_ line: [UInt8]) {
            bytes += line.count
            if bytes <= Self.mostBytes { lines.append(String(decoding: line, as: UTF8.self)) }
        }
        do {
            try reader.read(frame, of: run.run.archive) { piece in
                if piece.isFirst { transcript.begin(target: digest.target) }
                try transcript.read(piece.text, take)
                if piece.isLast { try transcript.finish(take) }
                return bytes <= Self.mostBytes
            }
        } catch {
            throw SearchFailure(error, in: run.run, target: digest.target)
        }
        return lines
    }
}
