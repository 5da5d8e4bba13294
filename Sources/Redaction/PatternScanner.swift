/// Looks for what patterns match in a text that comes piece by piece.
struct PatternScanner {
    /// What is undecided for longer is decided as it stands.
    private static let longestUndecided = 64 << 10
    /// Text kept before what is looked at, for what a pattern says of its surroundings.
    private static let context = 1024
    /// What was undecided is looked at again when it has grown by a quarter, from this length on.
    private static let patience = 4 << 10
    /// A pattern that was too hard for so many lines of a text is not tried on the others.
    private static let mostFailures = 16

    /// Where a pattern goes on, and how much text there was when it was last undecided.
    private struct Progress {
        var next = 0
        var seen = 0
        var failures = 0
    }

    private var text: VisibleText
    private var progress: [Progress]

    init(patterns: Int, from position: Int) {
        text = VisibleText(from: position)
        progress = Array(repeating: Progress(), count: patterns)
    }

    /// Where the text begins that a pattern may yet match; nil where there is none.
    var heldFrom: Int? {
        progress.lazy.map(\.next).min().flatMap { $0 < text.bytes.count ? text.origin(of: $0) : nil }
    }

    mutating func read(_ piece: [UInt8], by redactor: inout Redactor, into found: inout [FoundSecret]) {
        text.append(piece)
        for index in progress.indices { look(for: index, isEnd: false, by: &redactor, into: &found) }
        forget()
    }

    /// Decides all as it stands.
    mutating func settle(by redactor: inout Redactor, into found: inout [FoundSecret]) {
        text.end()
        for index in progress.indices { look(for: index, isEnd: true, by: &redactor, into: &found) }
        forget()
    }

    private mutating func look(
        for index: Int,
        isEnd: Bool,
        by redactor: inout Redactor,
        into found: inout [FoundSecret]
    ) {
        var progress = progress[index]
        defer { self.progress[index] = progress }
        let undecided = text.bytes.count - progress.next
        let isEnd = isEnd || undecided > Self.longestUndecided
        if !isEnd, progress.seen - progress.next > Self.patience,
            text.bytes.count - progress.seen < (progress.seen - progress.next) / 4
        {
            return
        }
        // What is too hard as a whole is tried line by line.
        var isByLine = false
        while progress.next < text.bytes.count {
            let line = line(at: progress.next)
            let end = isByLine ? min(line.upperBound + 1, text.bytes.count) : text.bytes.count
            let isWhole = end == text.bytes.count
            do throws(RedactionPatternError) {
                guard progress.failures < Self.mostFailures else { throw RedactionPatternError() }
                let subject = isWhole ? text.bytes : Array(text.bytes[..<end])
                let pattern = redactor.patterns[index]
                switch try pattern.search(subject, from: progress.next, isEnd: isEnd || !isWhole) {
                case .nothing: progress.next = end
                case .undecided(let start):
                    progress.next = isEnd ? end : max(start, progress.next)
                    progress.seen = text.bytes.count
                    if !isEnd { return }
                case .match(let range) where range.isEmpty:
                    progress.next = characterEnd(behind: max(progress.next, range.upperBound))
                case .match(let range):
                    let number = redactor.number(ofMatch: Array(text.bytes[range]))
                    add(range, number, to: &found)
                    progress.next = max(range.upperBound, characterEnd(behind: progress.next))
                }
            } catch {
                if isWhole, !isByLine, line.upperBound + 1 < text.bytes.count {
                    isByLine = true
                    continue
                }
                progress.failures += 1
                redactor.tell(.patternTooHard(index))
                if !line.isEmpty { add(line, redactor.number(ofLine: Array(text.bytes[line])), to: &found) }
                progress.next = max(line.upperBound, characterEnd(behind: progress.next))
            }
        }
    }

    private func add(_ range: Range<Int>, _ number: Int32, to found: inout [FoundSecret]) {
        let end = text.origin(of: range.upperBound - 1) + 1
        found.append(FoundSecret(start: text.origin(of: range.lowerBound), end: end, secret: number))
    }

    private func characterEnd(behind offset: Int) -> Int {
        var end = min(offset + 1, text.bytes.count)
        while end < text.bytes.count, text.bytes[end] & 0xC0 == 0x80 { end += 1 }
        return end
    }

    private func line(at offset: Int) -> Range<Int> {
        let start = text.bytes[..<offset].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let end = text.bytes[offset...].firstIndex(of: 0x0A) ?? text.bytes.count
        return start..<end
    }

    private mutating func forget() {
        let past = (progress.lazy.map(\.next).min() ?? 0) - Self.context
        // Seldom, since it moves all that is kept.
        guard past > 4 * Self.context else { return }
        text.removeFirst(past)
        for index in progress.indices {
            progress[index].next -= past
            progress[index].seen = max(0, progress[index].seen - past)
        }
    }
}
