import Synchronization

/// Hands the archive's failure on to the journal's writer, which tells all who wait, without keeping it alive.
final class FailureRelay: Sendable {
    private struct Writer {
        weak var journal: JournalWriter?
    }

    private let writer = Mutex(Writer())

    func connect(_ journal: JournalWriter) {
        writer.withLock { $0.journal = journal }
    }

    func fail(_ error: RecordingError) {
        writer.withLock(\.journal)?.fail(error)
    }
}
