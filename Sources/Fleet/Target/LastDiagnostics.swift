import Connections
import Synchronization

/// The last line of a far process's standard error: often the only word on why it ended.
final class LastDiagnostics: Sendable {
    private let line = Mutex("")

    func note(_ text: String) {
        guard let last = text.split(whereSeparator: \.isNewline).last else { return }
        line.withLock { $0 = String(last.prefix(500)) }
    }

    /// How the process ended, and its last word.
    func detail(_ status: ExitStatus) -> String {
        let how =
            switch status {
            case .code(let code): " (exit status \(code)"
            case .signal(let name): " (signal \(name)"
            case .unknown: " (it is not known how"
            }
        let last = line.withLock { $0 }
        return how + (last.isEmpty ? ")" : "; its last line: \(last))")
    }
}
