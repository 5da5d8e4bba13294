import ConsoleText
package import PSRunCommandLine
import Patterns
package import Recording
import RecordingFormat
package import RecordingSearch
import Synchronization

/// What a search prints, and how it ends. One thread at a time reports to it.
package final class SearchReport: Sendable {
    private struct State {
        var hits = 0
        var isWhole = true
        /// Nobody reads what is written any more.
        var isOver = false
        /// Entries that were said to be damaged, by run and number.
        var damaged: Set<String> = []
    }

    private let format: ListInvocation.Format
    private let output: ReportOutput
    private let state = Mutex(State())

    package init(format: ListInvocation.Format, output: ReportOutput) {
        self.format = format
        self.output = output
    }

    package var isOver: Bool { state.withLock { $0.isOver } }

    package var exitCode: ExitCode {
        state.withLock { state in
            !state.isWhole ? .recordingNotWhole : state.hits > 0 ? .allWell : .notAllWell
        }
    }

    /// - Returns: false where nobody reads it any more.
    package func show(_ hit: SearchHit) -> Bool {
        if hit.isDamaged { warn(ofDamageIn: hit) }
        let text =
            switch format {
            case .text: HitLine(hit, colored: output.isColored).text
            case .json: String(decoding: hit.json.compact, as: UTF8.self)
            }
        let isRead = output.write(text + "\n")
        state.withLock { state in
            state.hits += 1
            if !isRead { state.isOver = true }
        }
        return isRead
    }

    /// What could not be searched, or not to its end.
    /// - Returns: whether the search can go on.
    package func complain(_ failure: SearchFailure) -> Bool {
        switch failure {
        case .recording(let error, _):
            complain(error)
            return true
        case .pattern(let error, let run, let target):
            state.withLock { $0.isWhole = false }
            warn(
                "not searched to its end: the pattern cannot be matched against a line of \(target) in \(run): "
                    + "\(error.message)."
            )
            return true
        }
    }

    /// A run or a part of it that cannot be searched.
    package func complain(_ error: RecordingError) {
        state.withLock { $0.isWhole = false }
        warn("not searched: \(error.message)")
    }

    private func warn(ofDamageIn hit: SearchHit) {
        let isNew = state.withLock { state in
            state.isWhole = false
            return state.damaged.insert("\(hit.run) \(hit.entry)").inserted
        }
        guard isNew else { return }
        warn(
            "\(hit.target) in \(hit.run) is not what was sealed: do not trust what was found there. psrun verify says more."
        )
    }

    private func warn(_ message: String) {
        output.warn("psrun: \(TerminalText.presentable(message, colored: false))")
    }
}
