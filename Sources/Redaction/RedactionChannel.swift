/// One text that comes piece by piece, and what is to be replaced in it.
struct RedactionChannel {
    private var scanner: SecretScanner
    private var patterns: PatternScanner?
    private var lines: ShortLines?
    private var found: [FoundSecret] = []
    /// Up to here, pieces were given out.
    private var givenOut = 0
    /// Up to here, what is to be replaced is known.
    private(set) var decided = 0
    private(set) var end = 0

    /// Whether the text goes on in the next piece for patterns too; else each piece is a text of its own for them.
    let isStream: Bool

    init(isStream: Bool) {
        self.isStream = isStream
        scanner = SecretScanner()
    }

    /// Whether nothing of it is needed for what comes.
    var isAtRest: Bool { scanner.isAtRest && givenOut == end && !isStream }

    mutating func read(_ piece: [UInt8], by redactor: inout Redactor) {
        let known = found.count
        let start = end
        end += piece.count
        // Patterns first: what they match is held for the rest of this very piece.
        if !redactor.patterns.isEmpty {
            if patterns == nil || !isStream {
                patterns = PatternScanner(patterns: redactor.patterns.count, from: start)
            }
            patterns?.read(piece, by: &redactor, into: &found)
            if !isStream { patterns?.settle(by: &redactor, into: &found) }
        }
        if !redactor.held.shortSecrets.isEmpty {
            if lines == nil || !isStream { lines = ShortLines(from: start) }
            lines?.read(piece, redactor.held.shortSecrets, into: &found)
            if !isStream { lines?.settle(redactor.held.shortSecrets, into: &found) }
        }
        if !redactor.held.trie.isEmpty || !scanner.isAtRest {
            scanner.read(piece, in: &redactor.held.trie, into: &found)
        } else {
            scanner = SecretScanner(from: end)
        }
        decided = [scanner.heldFrom, patterns?.heldFrom, lines?.heldFrom].lazy.compactMap(\.self).min() ?? end
        clip(from: known)
    }

    /// Decides all so far as it stands; what goes on with it later is still found, and replaced from there on.
    mutating func settle(by redactor: inout Redactor) {
        let known = found.count
        patterns?.settle(by: &redactor, into: &found)
        lines?.settle(redactor.held.shortSecrets, into: &found)
        var ended = scanner
        ended.end(in: &redactor.held.trie, into: &found)
        decided = end
        clip(from: known)
    }

    /// A piece as it may be written down: the text at `start`, which is the first that was not taken yet.
    mutating func take(_ piece: [UInt8], at start: Int, by redactor: borrowing Redactor) -> String {
        let end = start + piece.count
        givenOut = end
        defer { found.removeAll { $0.end <= end } }
        let inside = found.filter { $0.start < end && $0.end > start }
        guard !inside.isEmpty else { return String(decoding: piece, as: UTF8.self) }
        var output: [UInt8] = []
        var position = start
        for secret in Self.merged(inside) {
            if secret.start > position { output += piece[(position - start)..<(secret.start - start)] }
            // Where it begins before this piece, its tag was given out there.
            if secret.start >= start { output += redactor.held.tags[Int(secret.secret)].utf8 }
            position = min(end, secret.end)
        }
        output += piece[(position - start)...]
        return String(decoding: output, as: UTF8.self)
    }

    /// What was given out before it was found is past: the rest is replaced.
    private mutating func clip(from index: Int) {
        for index in found[index...].indices where found[index].start < givenOut { found[index].start = givenOut }
        found.removeAll { $0.start >= $0.end }
    }

    /// Those that overlap as one, which goes by the longest of them.
    private static func merged(_ found: [FoundSecret]) -> [FoundSecret] {
        var merged: [FoundSecret] = []
        var longest = 0
        for secret in found.sorted(by: { ($0.start, $1.end) < ($1.start, $0.end) }) {
            let length = secret.end - secret.start
            guard let last = merged.last,
                secret.start < last.end || secret.start == last.end && secret.secret == last.secret
            else {
                merged.append(secret)
                longest = length
                continue
            }
            merged[merged.count - 1].end = max(last.end, secret.end)
            if length > longest {
                merged[merged.count - 1].secret = secret.secret
                longest = length
            }
        }
        return merged
    }
}
