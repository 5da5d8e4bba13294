/// What a server is to tell its client, in order, until its carriage takes it.
struct OutgoingEvents: Sendable {
    private struct Item: Sendable {
        let event: CarriageEvent
        /// Whose output it is a part of; nil for what is told in any case.
        var pipeline: PipelineID?
        /// Whether a message begins here. The fragments of one message stand side by side.
        var begins = true

        /// About the bytes of it in out-of-process framing.
        var byteCount: Int {
            guard case .data(_, let bytes) = event else { return 64 }
            return bytes.count / 3 * 4 + 64
        }
    }

    private var items: [Item] = []
    private var first = 0
    /// About the bytes of all that waits.
    private(set) var byteCount = 0

    mutating func append(_ event: CarriageEvent) {
        append(Item(event: event))
    }

    /// - Parameters:
    ///   - output: the pipeline whose output the fragment is a part of.
    ///   - begins: whether it is the first of its message.
    mutating func append(fragment: [UInt8], for target: CarriageTarget, output: PipelineID?, begins: Bool) {
        append(Item(event: .data(target, fragment), pipeline: output, begins: begins))
    }

    private mutating func append(_ item: Item) {
        items.append(item)
        byteCount += item.byteCount
    }

    /// The next events: at least one where there is one, and no more once they hold `limit` bytes.
    mutating func take(limit: Int) -> [CarriageEvent] {
        var taken: [CarriageEvent] = []
        var size = 0
        while first < items.count && size < limit {
            taken.append(items[first].event)
            size += items[first].byteCount
            first += 1
        }
        byteCount -= size
        if first == items.count || first > 4096 {
            items.removeFirst(first)
            first = 0
        }
        return taken
    }

    /// Drops a pipeline's output, but not the rest of a message whose beginning was taken.
    mutating func discardOutput(of pipeline: PipelineID) {
        var goesOn = true
        items = items[first...].filter { item in
            goesOn = goesOn && !item.begins
            return goesOn || item.pipeline != pipeline
        }
        first = 0
        byteCount = items.reduce(0) { $0 + $1.byteCount }
    }
}
