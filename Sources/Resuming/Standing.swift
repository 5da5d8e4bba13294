package import RecordingFormat

/// How far a recorded session got, for whoever wants to go on with it.
package enum Standing: Sendable, Hashable {
    /// Nothing is left: the playbook came to its end, or the session ended by itself.
    case whole
    /// Lines are left that provably did not run; those before them did.
    case open(TargetStart)
    /// A line was sent of which nobody knows what became.
    case inDoubt(TargetStart)

    /// - Parameter run: the name of the folder of the run that recorded it.
    package init(_ facts: SessionFacts, of run: String) {
        var start = TargetStart()
        // A profile belongs to its session: another one loads it again.
        let steps = facts.steps.filter { $0.lines != nil && $0.firstLine != 0 }
        // A line is sent only when the one before it has ended, whatever became of that.
        let lastSent = steps.lastIndex { $0.outcome != .notSent && $0.earlierRun == nil } ?? -1
        for (place, step) in steps.enumerated() {
            guard let lines = step.lines else { continue }
            if let earlier = step.earlierRun {
                if step.outcome == .notSent {
                    start.note(lines, ranIn: earlier)
                } else {
                    start.doubt(lines, since: earlier)
                }
            } else if place == lastSent, step.isInDoubt {
                start.doubt(lines, since: run)
            } else if place <= lastSent {
                start.note(lines, ranIn: run)
            }
        }
        if start.doubt != nil {
            self = .inDoubt(start)
        } else if facts.result == nil {
            self = Self.untold(start, steps, run)
        } else {
            self = steps.contains(where: \.isLeftOut) && facts.wasCutOff ? .open(start) : .whole
        }
    }

    /// A recording that does not say how the session ended proves nothing of the lines behind the last that it tells of.
    private static func untold(_ start: TargetStart, _ steps: [StepRecord], _ run: String) -> Standing {
        var start = start
        let first = start.through + 1
        start.doubt = .init(first...max(first, steps.compactMap(\.lines?.upperBound).max() ?? first), run: run)
        return .inDoubt(start)
    }
}

extension TargetStart {
    fileprivate mutating func note(_ lines: ClosedRange<Int>, ranIn run: String) {
        guard lines.upperBound > through else { return }
        if ran.last?.run == run { ran.removeLast() }
        ran.append(Ran(through: lines.upperBound, run: run))
        // Whatever became of what came before, it had ended.
        doubt = nil
    }

    /// Lines in doubt may be told one by one.
    fileprivate mutating func doubt(_ lines: ClosedRange<Int>, since run: String) {
        guard lines.upperBound > through else { return }
        let first = min(doubt?.lines.lowerBound ?? lines.lowerBound, lines.lowerBound)
        doubt = Doubt(max(first, through + 1)...lines.upperBound, run: run)
    }
}

extension StepRecord {
    /// In the playbook, from 1; nil where that is not told.
    fileprivate var lines: ClosedRange<Int>? {
        guard let first = firstLine.flatMap(Int.init(exactly:)), first >= 0,
            let last = (lastLine ?? firstLine).flatMap(Int.init(exactly:)), first <= last
        else { return nil }
        return first...last
    }

    /// Whether nobody knows how far it ran.
    fileprivate var isInDoubt: Bool {
        guard outcome == nil || outcome == .unknown || outcome == .stopped else { return false }
        return failure?.code.map(Self.ends.contains) != true
    }

    /// Why a step is `unknown` or `stopped` though its end came: nobody was told `$?`, or the far side stopped it by itself.
    private static let ends: Set = ["SuccessUnknown", "StoppedThere"]
}

extension SessionFacts {
    /// Codes of what ends a session from outside, whatever its steps are (the documentation's page Errors).
    private static let causes: Set = ["Interrupted", "RecordingLost", "RecordingWriteFailed"]

    /// Whether something outside the session kept lines from being sent: not the playbook, nor `-ErrorAction Stop`.
    fileprivate var wasCutOff: Bool {
        guard let result else { return true }
        if result.isTruncated { return true }
        switch result.outcome {
        case .unreachable?, .notRun?, .timedOut?, .broken?: return true
        default: return result.failure?.code.map(Self.causes.contains) ?? false
        }
    }
}
