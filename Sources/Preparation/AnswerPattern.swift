import Patterns
import Sessions
import Synchronization

/// The regular expression of an `--answer`: PCRE2, compiled once, and bounded in time since the far side chooses the text.
struct AnswerPattern: PromptPattern {
    private let matcher: BoundedMatcher
    private let option: String
    private let notices: AnswerNotices

    /// - Parameter option: how a warning names it.
    /// - Throws: `invalidPattern`.
    init(_ pattern: String, of option: String, _ notices: AnswerNotices) throws(PatternError) {
        matcher = try BoundedMatcher(pattern)
        self.option = option
        self.notices = notices
        notices.expect(option)
    }

    func match(_ text: String, within time: inout Duration) -> PromptMatch {
        switch matcher.match(text, within: &time) {
        case .found:
            notices.matched(option)
            return .found
        case .nothing: return .nothing
        case .tooHard:
            notices.say(
                "the pattern of \(option) takes too many steps on the text of a prompt, which it was taken not to match; "
                    + "avoid a repetition inside a repetition, as in (a+)+"
            )
            return .tooHard
        }
    }
}

/// What a user should be told of the patterns of `--answer`, each thing once.
package final class AnswerNotices: Sendable {
    private struct State {
        var said: Set<String> = []
        /// The options that have matched nothing so far, in their order.
        var unused: [String] = []
        var tell: (@Sendable (String) -> Void)?
    }

    private let state = Mutex(State())

    /// Who is told from now on; to be called before sessions begin.
    package func tell(_ tell: @escaping @Sendable (String) -> Void) {
        state.withLock { $0.tell = tell }
    }

    /// The pattern of that option waits for a prompt.
    func expect(_ option: String) {
        // Several kinds of hosts may share it.
        state.withLock { state in if !state.unused.contains(option) { state.unused.append(option) } }
    }

    func matched(_ option: String) { state.withLock { state in state.unused.removeAll { $0 == option } } }

    /// What to say behind a run of the answers that nobody asked for.
    package var unused: [String] {
        state.withLock { $0.unused }.map { "\($0) matched no prompt; only PowerShell's own prompts are answered" }
    }

    func say(_ notice: String) {
        let tell = state.withLock { state in
            state.said.insert(notice).inserted ? state.tell : nil
        }
        tell?(notice)
    }
}
