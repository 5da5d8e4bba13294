import ConsoleText

extension TextLine {
    /// Takes out escape and control sequences, colours among them: they could stand within a word unseen.
    ///
    /// Strings for a terminal (titles, links) stay. The other viewers show what is in them, spelled out, so a search has to
    /// find it; and a far side could hide any text in one.
    mutating func removeControlSequences() {
        let shown = text.withUnsafeBufferPointer { Self.shown($0, &parts) }
        if let shown { text = shown }
    }

    /// - Returns: nil where nothing is to be taken out.
    private static func shown(_ text: UnsafeBufferPointer<UInt8>, _ parts: inout [Part]) -> [UInt8]? {
        guard var escape = text.firstOffset(of: ControlSequence.escape, from: 0) else { return nil }
        var kept: [UInt8] = []
        kept.reserveCapacity(text.count)
        var position = 0
        var part = 0
        /// Keeps what stands before `end`, and moves the parts that begin up to there.
        func keep(before end: Int) {
            while part < parts.count, parts[part].start <= end {
                parts[part].start = kept.count + max(0, parts[part].start - position)
                part += 1
            }
            kept += text[position..<end]
        }
        while true {
            var next = escape + 1
            if next < text.count, !ControlSequence.introducesString(text[next]),
                let sequence = ControlSequence(in: text, at: escape)
            {
                keep(before: escape)
                next = sequence.range.upperBound
                position = next
            }
            guard let following = text.firstOffset(of: ControlSequence.escape, from: next) else { break }
            escape = following
        }
        keep(before: text.count)
        return kept
    }
}
