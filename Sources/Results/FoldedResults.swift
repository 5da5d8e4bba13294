import ConsoleText
import Fleet
import Folding
import RecordingFormat
import Reports
import Sessions
import Synchronization

/// The output of several targets, kept until the run is over: each text once, with the targets that printed it.
final class FoldedResults: Sendable {
    /// A step's output as it is to be written.
    private struct Shown {
        let bytes: SpooledBytes
        /// Whether a far side may have left a colour on.
        let holdsEscape: Bool
    }

    /// Of each text that differs so much is held in memory: there may be one of every target's.
    private static let heldBytes = 256

    private let fold = Mutex(StepFold<Shown>())
    private let names = Mutex<[Int: String]>([:])
    private let spool: ResultSpool
    private let colored: Bool

    init(_ spool: ResultSpool, colored: Bool) {
        self.spool = spool
        self.colored = colored
    }

    /// A target's step has ended, and nothing more belongs to it.
    /// - Parameter step: redacted.
    func add(_ step: StepResult, of name: String, called names: HostNames, at index: Int) {
        guard step.outcome != .notSent else { return }
        self.names.withLock { $0[index] = $0[index] ?? name }
        var text = TerminalText.presentable(step.output, colored: colored)
        let digest = text.withUTF8 { TextDigest($0, of: names) }
        let ending = step.outcome == .ok ? "" : StepInBrief(StepRecord(step, output: .none)).ending
        let (place, spool) = (FoldedStep(firstLine: step.firstLine, lastLine: step.lastLine), spool)
        fold.withLock { fold in
            fold.add(target: index, place, text: step.text, ending: ending, digest: digest) {
                var bytes = SpooledBytes(spool, heldBytes: Self.heldBytes)
                bytes.append(text.utf8)
                if !text.isEmpty, text.utf8.last != UInt8(ascii: "\n") { bytes.append("\n".utf8) }
                return Shown(bytes: bytes, holdsEscape: colored && text.holdsEscape)
            }
        }
    }

    /// Takes what there is, step by step: the largest class first, with the others' texts in full behind it. A step that
    /// printed nothing and is ok everywhere is left out.
    func take(_ write: (_ before: String, _ source: @escaping @Sendable () -> [UInt8]?, _ after: String) -> Void) {
        let names = names.withLock { $0 }
        let fold = fold.withLock { fold in
            let taken = fold
            fold = StepFold()
            return taken
        }
        for (step, text, classes) in fold.steps {
            guard classes.contains(where: { !$0.ending.isEmpty || !$0.copy.bytes.isEmpty }) else { continue }
            let title = StepRecord.title(firstLine: Int64(step.firstLine), lastLine: Int64(step.lastLine))
            var heading = FoldHeading.text(of: title, text) + "\n"
            for each in classes {
                heading += FoldHeading.text(
                    of: each,
                    names: each.targets.map { names[$0] ?? "" },
                    shown: names[each.shown] ?? "",
                    isSilent: each.copy.bytes.isEmpty
                )
                let end = each.copy.holdsEscape ? "\u{1B}[0m" : ""
                write(TerminalText.presentable(heading, colored: false) + "\n", each.copy.bytes.source(), end)
                heading = ""
            }
        }
    }
}
