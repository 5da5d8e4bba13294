import Patterns
import RecordingFormat

/// Reads what a console showed of one entry after the other, masked, line by line, on one thread.
final class TranscriptReader {
    private let masker: OutputMasker
    private var console = ConsoleLines()
    private var text: [UInt8] = []
    private var isFirst = true
    private var ending = SessionEnding()
    /// How the session ended.
    private(set) var outcome = RecordedOutcome.unknown

    init(_ masks: OutputMasks) {
        masker = OutputMasker(masks)
    }

    func begin(target: String) {
        masker.begin(target: target)
        console = ConsoleLines()
        outcome = .unknown
        ending = SessionEnding()
        isFirst = true
    }

    /// Takes whole lines of the entry, the first with its header.
    func read(_ raw: UnsafeRawBufferPointer, _ body: ([UInt8]) -> Void) throws(PatternError) {
        var start = 0
        while start < raw.count {
            let end = raw.firstOffset(of: 0x0A, from: start) ?? raw.count
            if !isFirst, let event = RawEvent(UnsafeRawBufferPointer(rebasing: raw[start..<end])) {
                try read(event, body)
            }
            isFirst = false
            start = end + 1
        }
    }

    func finish(_ body: ([UInt8]) -> Void) throws(PatternError) {
        try console.finish { (line) throws(PatternError) in body(try masker.masked(line.text)) }
    }

    private func read(_ event: RawEvent, _ body: ([UInt8]) -> Void) throws(PatternError) {
        ending.note(event.code)
        guard event.code == .output || event.code == .exit else { return }
        text.removeAll(keepingCapacity: true)
        event.data.append(to: &text)
        guard event.code == .exit else {
            return try console.receive(text, time: 0, step: nil) { (line) throws(PatternError) in
                body(try masker.masked(line.text))
            }
        }
        guard let result = TargetRecord(parsing: text) else { return }
        outcome = result.judgedOutcome
        // Of a session that never showed anything, why is all that there is.
        if let message = result.failure?.message, !ending.isTold {
            try finish(body)
            body(try masker.masked(Array("psrun: \(message)".utf8)))
        }
    }
}

/// What a target's output comes down to.
package struct TargetDigest: Sendable, Hashable {
    /// As it was named.
    package var target: String
    package var outcome: String
    /// SHA-256 of the masked output, in hexadecimal.
    package var output: String
    let frame: Int
    let place: EntryPlace
}
