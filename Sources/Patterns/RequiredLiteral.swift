/// Finds text that every match of a pattern must hold. It reads only the plain parts of Perl's syntax: on anything else it
/// gives up, which costs time later and never a match.
struct RequiredLiteral {
    private let pattern: [UInt8]
    private let ignoreCase: Bool
    private var position = 0
    private var run: [UInt8] = []
    private var best: [UInt8] = []
    private var alternatives: [[UInt8]] = []
    /// With more of them, looking for each takes longer than matching does.
    private static let maximumAlternatives = 16

    /// The longest literal outside groups of each alternative; none where one has none or the pattern is not plain.
    static func longest(in text: String, ignoreCase: Bool) -> [[UInt8]] {
        var scan = RequiredLiteral(pattern: Array(text.utf8), ignoreCase: ignoreCase)
        guard scan.readAll() else { return [] }
        scan.endAlternative()
        guard scan.alternatives.count <= maximumAlternatives, !scan.alternatives.contains([]) else { return [] }
        return scan.alternatives
    }

    private init(pattern: [UInt8], ignoreCase: Bool) {
        self.pattern = pattern
        self.ignoreCase = ignoreCase
    }

    /// - Returns: false where something is met that this scan doesn't know.
    private mutating func readAll() -> Bool {
        while position < pattern.count {
            let byte = pattern[position]
            switch byte {
            case UInt8(ascii: "|"):
                position += 1
                endAlternative()
            case UInt8(ascii: ")"): return false
            case UInt8(ascii: "("), UInt8(ascii: "["):
                guard byte == UInt8(ascii: "(") ? skipGroup() : skipClass() else { return false }
                endRun()
                guard skipQuantifier() != nil else { return false }
            case UInt8(ascii: "."), UInt8(ascii: "^"), UInt8(ascii: "$"):
                position += 1
                endRun()
                guard skipQuantifier() != nil else { return false }
            case UInt8(ascii: "\\"):
                guard readEscape() else { return false }
            default:
                guard readCharacter(length: Self.length(of: byte)) else { return false }
            }
        }
        endRun()
        return true
    }

    private mutating func endAlternative() {
        endRun()
        alternatives.append(best)
        best = []
    }

    private mutating func endRun() {
        if run.count > best.count { best = run }
        run = []
    }

    /// One character that stands for itself, and the quantifier behind it.
    private mutating func readCharacter(length: Int) -> Bool {
        guard position + length <= pattern.count else { return false }
        let character = pattern[position..<position + length]
        position += length
        guard let quantifier = skipQuantifier() else { return false }
        let stands = !ignoreCase || Self.foldsWithinASCII(character)
        if stands, quantifier != .maybeAbsent { run += character } else { endRun() }
        // What is repeated may stand between itself and the next character.
        if quantifier != .once { endRun() }
        return true
    }

    /// `\.` stands for a character, `\d` for a class; on escapes that take arguments the scan gives up.
    private mutating func readEscape() -> Bool {
        guard position + 1 < pattern.count else { return false }
        position += 1
        switch pattern[position] {
        case UInt8(ascii: "d"), UInt8(ascii: "D"), UInt8(ascii: "w"), UInt8(ascii: "W"), UInt8(ascii: "s"),
            UInt8(ascii: "S"), UInt8(ascii: "b"), UInt8(ascii: "B"), UInt8(ascii: "h"), UInt8(ascii: "H"),
            UInt8(ascii: "v"), UInt8(ascii: "V"), UInt8(ascii: "t"), UInt8(ascii: "n"), UInt8(ascii: "r"),
            UInt8(ascii: "R"), UInt8(ascii: "A"), UInt8(ascii: "z"), UInt8(ascii: "Z"):
            position += 1
            endRun()
            return skipQuantifier() != nil
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), 0x80...:
            return false
        default:
            return readCharacter(length: 1)
        }
    }

    private mutating func skipGroup() -> Bool {
        position += 1
        if position < pattern.count, pattern[position] == UInt8(ascii: "*") { return false }
        if position < pattern.count, pattern[position] == UInt8(ascii: "?") {
            // An option such as (?i) or (?x) would change what all that follows means, and a condition what counts.
            let kinds: [UInt8] = [0x3A, 0x3D, 0x21, 0x3E]
            guard position + 1 < pattern.count else { return false }
            let kind = pattern[position + 1] == UInt8(ascii: "<") ? position + 2 : position + 1
            guard kind < pattern.count, kinds.contains(pattern[kind]) || kind == position + 2 else { return false }
            position = kind
        }
        while position < pattern.count {
            switch pattern[position] {
            case UInt8(ascii: ")"):
                position += 1
                return true
            case UInt8(ascii: "("): guard skipGroup() else { return false }
            case UInt8(ascii: "["): guard skipClass() else { return false }
            case UInt8(ascii: "\\"):
                // \Q would make what follows mean itself, to \E.
                guard position + 1 < pattern.count, ![0x51, 0x45].contains(pattern[position + 1]) else { return false }
                position += 2
            default: position += 1
            }
        }
        return false
    }

    private mutating func skipClass() -> Bool {
        position += 1
        if position < pattern.count, pattern[position] == UInt8(ascii: "^") { position += 1 }
        // A bracket that comes first stands for itself.
        if position < pattern.count, pattern[position] == UInt8(ascii: "]") { position += 1 }
        while position < pattern.count {
            switch pattern[position] {
            case UInt8(ascii: "]"):
                position += 1
                return true
            case UInt8(ascii: "["): return false
            case UInt8(ascii: "\\"):
                guard position + 1 < pattern.count, ![0x51, 0x45].contains(pattern[position + 1]) else { return false }
                position += 2
            default: position += 1
            }
        }
        return false
    }

    private enum Quantifier {
        case once, repeated, maybeAbsent
    }

    /// The quantifier at this place; nil where it is not one that is known.
    private mutating func skipQuantifier() -> Quantifier? {
        guard position < pattern.count else { return .once }
        let quantifier: Quantifier
        switch pattern[position] {
        case UInt8(ascii: "?"), UInt8(ascii: "*"): quantifier = .maybeAbsent
        case UInt8(ascii: "+"): quantifier = .repeated
        case UInt8(ascii: "{"):
            guard let end = pattern[position...].firstIndex(of: UInt8(ascii: "}")) else { return nil }
            // Whether it is a quantifier at all, and whether 0 is in it, is for PCRE2 to know.
            position = end
            quantifier = .maybeAbsent
        default: return .once
        }
        position += 1
        if position < pattern.count, [0x3F, 0x2B].contains(pattern[position]) { position += 1 }
        return quantifier
    }

    /// Of a UTF-8 character, by its first byte.
    private static func length(of byte: UInt8) -> Int {
        byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
    }

    /// Whether both cases are ASCII: `k` is also the Kelvin sign's, `s` the long s's.
    private static func foldsWithinASCII(_ character: ArraySlice<UInt8>) -> Bool {
        guard character.count == 1, let byte = character.first, byte < 0x80 else { return false }
        return ![0x6B, 0x4B, 0x73, 0x53].contains(byte)
    }
}
