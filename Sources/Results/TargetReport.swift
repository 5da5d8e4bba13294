import RecordingFormat
import Synchronization

/// A target's result as it is written for machines: its steps are not in memory.
struct TargetReport: Sendable {
    private let before: [UInt8]
    private let steps: SpooledBytes
    private let after: [UInt8]

    /// - Parameters:
    ///   - record: with a list of steps that has none.
    ///   - steps: their records, with commas between.
    init(_ record: TargetRecord, steps: SpooledBytes) {
        (before, after) = record.aroundSteps
        self.steps = steps
    }

    /// - Parameter steps: what stands between the two.
    init(before: [UInt8], steps: SpooledBytes, after: [UInt8]) {
        (self.before, self.steps, self.after) = (before, steps, after)
    }

    /// Its bytes, piece by piece, up to nil.
    func source(leading: [UInt8] = [], trailing: [UInt8] = []) -> ByteSource {
        .of([.of(leading + before), ByteSource(steps.source()), .of(after + trailing)])
    }
}

/// Gives bytes piece by piece, up to nil; taken once, by one thread.
struct ByteSource: Sendable {
    let next: @Sendable () -> [UInt8]?

    init(_ next: @escaping @Sendable () -> [UInt8]?) {
        self.next = next
    }

    static func of(_ bytes: [UInt8]) -> ByteSource {
        let left = OneAfterTheOther([bytes])
        return ByteSource { left.next() }
    }

    /// One after the other.
    static func of(_ sources: [ByteSource]) -> ByteSource {
        let left = OneAfterTheOther(sources)
        return ByteSource {
            while let source = left.first {
                if let bytes = source.next() { return bytes }
                _ = left.next()
            }
            return nil
        }
    }
}

private final class OneAfterTheOther<Element: Sendable>: Sendable {
    private let left: Mutex<ArraySlice<Element>>

    init(_ elements: [Element]) {
        left = Mutex(elements[...])
    }

    var first: Element? { left.withLock { $0.first } }

    func next() -> Element? { left.withLock { $0.popFirst() } }
}
