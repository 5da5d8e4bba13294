import CLinux
import Fleet
import Glibc
import Progress
import RecordingFormat
import Synchronization
import Terminals

/// The progress of a run on the terminal that its words go to: one line, drawn four times a second.
package final class ProgressScreen: Sendable {
    private struct State {
        var progress: RunProgress
        /// What gives the phase of connecting, and the line that runs, of each target that is under way.
        var phases: [Int: @Sendable () -> String?] = [:]
        var lines: [Int: Int] = [:]
        var questions = 0
    }

    private static let interval = Duration.milliseconds(250)

    private let state: Mutex<State>
    private let status: StatusLine
    private let began = ContinuousClock.now
    private let drawing = Mutex<Task<Void, Never>?>(nil)

    /// - Returns: nil where standard error is not a terminal that can take a line back.
    init?(targets: Int, environment: [String: String]) {
        let kind = environment["TERM"] ?? ""
        guard isatty(STDERR_FILENO) != 0, !kind.isEmpty, kind != "dumb" else { return nil }
        state = Mutex(State(progress: RunProgress(targets: targets)))
        status = StatusLine(descriptor: STDERR_FILENO)
    }

    /// What everything that is written to the terminal goes by.
    var line: StatusLine { status }

    /// Begins to draw, on the thread that writes `words`.
    func begin(on words: OutputWriter) {
        let task = Task { [self] in
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.interval)
                words.draw { self.text }
            }
        }
        drawing.withLock { $0 = task }
    }

    /// Draws no more. What stands there goes when something else is written.
    func end() {
        drawing.withLock { $0?.cancel() }
        status.pause()
    }

    /// Leaves the terminal at once: the process ends.
    package func leave() { status.leave() }

    /// The line as it stands now.
    var text: String {
        let columns = Int(psrun_terminal_columns(STDERR_FILENO))
        let now = now
        return state.withLock { state in
            for index in state.progress.underWay {
                let line = state.lines[index].map { StepMarker.text(firstLine: $0) }
                if let phase = state.phases[index]?() ?? line { state.progress.isIn(phase, index) }
            }
            // A terminal may go on with a row that is full to its last cell.
            return state.progress.line(at: now, columns: (columns > 0 ? columns : 80) - 1)
        }
    }

    private var now: Duration { began.duration(to: .now) }

    // MARK: What happens

    func began(_ index: Int, _ name: String) {
        let now = now
        state.withLock { $0.progress.began(index, name: name, at: now) }
    }

    func connects(_ index: Int, phase: @escaping @Sendable () -> String?) {
        state.withLock { $0.phases[index] = phase }
    }

    func runs(line: Int, _ index: Int) { state.withLock { $0.lines[index] = line } }

    func ended(_ index: Int, isWell: Bool) {
        let now = now
        state.withLock { state in
            state.progress.ended(index, isWell: isWell, at: now)
            state.phases[index] = nil
            state.lines[index] = nil
        }
    }

    /// Whether a question stands at this terminal.
    var isWaiting: Bool { state.withLock { $0.progress.isWaiting } }

    /// A person is asked at this terminal, where nothing else may stand then.
    /// - Returns: what `answered` takes.
    func asks(_ what: String) -> Int {
        status.pause()
        return state.withLock { state in
            state.questions += 1
            state.progress.asks(state.questions, what)
            return state.questions
        }
    }

    func answered(_ question: Int) {
        let isLast = state.withLock { state in
            state.progress.answered(question)
            return !state.progress.isWaiting
        }
        if isLast, drawing.withLock({ $0?.isCancelled }) == false { status.resume() }
    }
}
