import RecordingFormat

/// Which sessions stand in a page in full: a browser holds only so much.
package struct PageSelection: Sendable, Hashable {
    /// Bytes of stored lines, of all sessions together.
    package static let limit = 32 << 20

    private let numbers: Set<Int>
    /// How many sessions are told of in one line only.
    package let leftOut: Int

    /// Takes what did not end well first, then the others, in their order, and at least one.
    package init(_ summaries: [SessionSummary], limit: Int = Self.limit) {
        var room = limit
        var numbers: Set<Int> = []
        for summary in summaries.filter({ !$0.isWell }) + summaries.filter(\.isWell) {
            guard numbers.isEmpty || summary.bytes <= room else { continue }
            room -= summary.bytes
            numbers.insert(summary.session.number)
        }
        self.numbers = numbers
        leftOut = summaries.count - numbers.count
    }

    /// Those that were packed.
    package init(_ summaries: [SessionSummary], in packed: PackedSessions) {
        numbers = Set(summaries.filter { packed.contains($0.session) }.map(\.session.number))
        leftOut = summaries.count - numbers.count
    }

    package func contains(_ session: ExportedSession) -> Bool {
        numbers.contains(session.number)
    }
}
