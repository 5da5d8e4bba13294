/// Finds secrets in a text that comes piece by piece: as it stands and in each escaped form.
///
/// An escaped form is a reading of its own from the first character on that it reads differently, until both readings have
/// come to rest; in a text without escapes there is one reading.
struct SecretScanner {
    private struct Side {
        let form: EscapedForm
        var reading: SecretReading
        /// Whether it has read something differently, and how much it has read since.
        var isDifferent = false
        var settled = 0
        /// What may be an escape, and where each byte of it stands.
        var pending: [UInt8] = []
        var places: [Int] = []

        /// Whether it has nothing more of its own.
        var isOver: Bool {
            guard pending.isEmpty else { return false }
            return !isDifferent || settled >= SecretScanner.settledCount && reading.isAtRest
        }
    }

    /// After so many characters alike a reading at rest has nothing more of its own.
    static let settledCount = 4
    private static let shortEscape = 64

    private var direct = SecretReading()
    private var sides: [Side] = []
    /// Where the next byte stands.
    private(set) var position: Int

    init(from position: Int = 0) {
        self.position = position
    }

    /// Where the text begins that may yet become a secret; `position` where there is none.
    var heldFrom: Int {
        var held = direct.heldFrom ?? position
        for side in sides {
            if let start = side.reading.heldFrom { held = min(held, start) }
            if let start = side.places.first { held = min(held, start) }
        }
        return held
    }

    /// Whether what was read does not matter to what comes.
    var isAtRest: Bool { sides.isEmpty && direct.isAtRest }

    mutating func read(_ bytes: [UInt8], in trie: inout SecretTrie, into found: inout [FoundSecret]) {
        let start = position
        bytes.withUnsafeBufferPointer { text in
            var index = 0
            while index < text.count {
                if sides.isEmpty, direct.isShallow, !trie.isEmpty {
                    let next = direct.skip(text, from: index, in: trie)
                    direct.catchUp(text, index..<next, from: start, in: &trie, into: &found)
                    index = next
                    position = start + next
                    if index == text.count { break }
                }
                read(text[index], in: &trie, into: &found)
                index += 1
            }
        }
    }

    private mutating func read(_ byte: UInt8, in trie: inout SecretTrie, into found: inout [FoundSecret]) {
        let beginnings = EscapedForm.beginnings[Int(byte)]
        if beginnings != 0 || !sides.isEmpty { readAside(byte, beginnings, in: &trie, into: &found) }
        direct.read(byte, from: position, to: position + 1, in: &trie, into: &found)
        position += 1
    }

    /// The text has ended: what may be an escape is none.
    mutating func end(in trie: inout SecretTrie, into found: inout [FoundSecret]) {
        direct.end(in: &trie, into: &found)
        for index in sides.indices {
            for (byte, place) in zip(sides[index].pending, sides[index].places) {
                sides[index].reading.read(byte, from: place, to: place + 1, in: &trie, into: &found)
            }
            sides[index].pending = []
            sides[index].places = []
            sides[index].reading.end(in: &trie, into: &found)
        }
    }

    private mutating func readAside(
        _ byte: UInt8,
        _ beginnings: UInt16,
        in trie: inout SecretTrie,
        into found: inout [FoundSecret]
    ) {
        var missing = beginnings
        for index in sides.indices {
            Self.read(byte, at: position, by: &sides[index], in: &trie, into: &found)
        }
        // Seldom: to remove none would move them all.
        if sides.contains(where: \.isOver) { sides.removeAll(where: \.isOver) }
        for side in sides { missing &= ~side.form.bit }
        guard missing != 0 else { return }
        for form in EscapedForm.allCases where missing & form.bit != 0 {
            // The blank of `+` matters to secrets with blanks alone, and base64 is full of it.
            if byte == 0x2B, !trie.holdsBlank { continue }
            var side = Side(form: form, reading: direct)
            Self.read(byte, at: position, by: &side, in: &trie, into: &found)
            sides.append(side)
        }
    }

    private static func read(
        _ byte: UInt8,
        at position: Int,
        by side: inout Side,
        in trie: inout SecretTrie,
        into found: inout [FoundSecret]
    ) {
        if side.pending.isEmpty {
            guard EscapedForm.beginnings[Int(byte)] & side.form.bit != 0 else {
                side.reading.read(byte, from: position, to: position + 1, in: &trie, into: &found)
                side.settled += 1
                return
            }
        } else if side.form.passesOver(byte, behind: side.pending) {
            return
        }
        side.pending.append(byte)
        side.places.append(position)
        switch side.form.verdict(on: side.pending) {
        case .more: return
        case .decoded(let bytes):
            for byte in bytes {
                side.reading.read(byte, from: side.places[0], to: position + 1, in: &trie, into: &found)
            }
            side.pending.removeAll(keepingCapacity: true)
            side.places.removeAll(keepingCapacity: true)
            side.isDifferent = true
            side.settled = 0
        case .literal:
            let (bytes, places) = (side.pending, side.places)
            side.pending = []
            side.places = []
            side.settled += 1
            // Where little was looked at, an escape may begin within; much is not read again and again, but for the byte
            // that ended it.
            let isShort = bytes.count < shortEscape
            for (byte, place) in zip(bytes, places) {
                if place > places[0] && (isShort || place == position) {
                    read(byte, at: place, by: &side, in: &trie, into: &found)
                } else {
                    side.reading.read(byte, from: place, to: place + 1, in: &trie, into: &found)
                }
            }
        }
    }
}
