import Sessions
import Synchronization

/// Swift's regular expressions, for prompts that are not hostile.
struct SwiftPattern: PromptPattern {
    private let text: String

    init(_ text: String) throws {
        _ = try Regex(text)
        self.text = text
    }

    func match(_ text: String, within time: inout Duration) -> PromptMatch {
        guard time > .zero, let expression = try? Regex(self.text) else { return .tooHard }
        return text.contains(expression) ? .found : .nothing
    }
}

/// What a pattern was asked.
final class Looks: Sendable {
    private let total = Mutex(Duration.zero)

    var spent: Duration { total.withLock { $0 } }

    func spend(_ time: Duration) { total.withLock { $0 += time } }
}

/// A pattern that takes 3 ms of every text, and never decides.
struct HardPattern: PromptPattern {
    let looks: Looks

    func match(_ text: String, within time: inout Duration) -> PromptMatch {
        guard time > .zero else { return .tooHard }
        looks.spend(.milliseconds(3))
        time = max(.zero, time - .milliseconds(3))
        return .tooHard
    }
}
