/// Events that nobody has taken yet, in order, and where the console's cursor stands behind them.
struct EventQueue: Sendable {
    /// Whether the console's cursor is at the beginning of a line.
    private(set) var isAtLineStart = true

    private var events: [SessionEvent] = []
    private var next = 0

    mutating func append(_ event: SessionEvent) {
        events.append(event)
        if let last = event.consoleText?.utf8.last { isAtLineStart = last == UInt8(ascii: "\n") }
    }

    mutating func popFirst() -> SessionEvent? {
        guard next < events.count else {
            events.removeAll(keepingCapacity: true)
            next = 0
            return nil
        }
        defer { next += 1 }
        return events[next]
    }
}
