import PSRunCommands
import Synchronization

/// A console that remembers what was written to it, and lets no time pass.
final class CapturedConsole: Sendable {
    private let written = Mutex("")
    private let warned = Mutex("")
    private let pauses = Mutex<[UInt64]>([])

    var output: String { written.withLock(\.self) }
    var warnings: String { warned.withLock(\.self) }
    /// When each piece was due, in nanoseconds since the replay began.
    var due: [UInt64] { pauses.withLock(\.self) }

    func console(isTerminal: Bool = false, environment: [String: String] = [:]) -> VerbConsole {
        VerbConsole(
            environment: environment,
            isTerminal: isTerminal,
            write: { text in
                self.written.withLock { $0 += text }
                return true
            },
            warn: { text in self.warned.withLock { $0 += text + "\n" } },
            pause: { until in self.pauses.withLock { $0.append(until) } }
        )
    }
}
