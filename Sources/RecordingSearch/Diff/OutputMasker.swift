import Patterns

/// Masks lines, on one thread.
final class OutputMasker {
    private let own: [(placeholder: [UInt8], matcher: PatternMatcher)]
    private let usual: PatternMatcher?
    private let placeholders = OutputMasks.usualMasks.map { Array("<\($0.name)>".utf8) }
    private let host = Array("<host>".utf8)
    private var names: [[UInt8]] = []

    init(_ masks: OutputMasks) {
        own = masks.own.map { ($0.placeholder, PatternMatcher($0.pattern)) }
        usual = masks.usual.map { PatternMatcher($0) }
    }

    /// Lines of this target follow: its own names are masked in them.
    func begin(target: String) {
        names = usual == nil ? [] : TargetNames.all(of: target)
    }

    /// - Throws: `tooManySteps`.
    func masked(_ line: [UInt8]) throws(PatternError) -> [UInt8] {
        var line = line
        for (placeholder, matcher) in own {
            let matches = try matcher.matches(in: line)
            guard !matches.isEmpty else { continue }
            line = Self.replacing(matches.filter { !$0.isEmpty }.map { ($0, placeholder) }, in: line)
        }
        guard let usual else { return line }
        line = replacingNames(in: line)
        guard line.contains(where: { $0 &- 0x30 < 10 }) else { return line }
        var replacements: [(Range<Int>, [UInt8])] = []
        var position = 0
        while let match = try usual.firstMatch(in: line, from: position) {
            if match.lowerBound >= position, !match.isEmpty {
                replacements.append((match, placeholders[usual.lastGroup - 1]))
            }
            position = max(match.upperBound, position + 1)
        }
        return Self.replacing(replacements, in: line)
    }

    /// The target's names as whole words.
    private func replacingNames(in line: [UInt8]) -> [UInt8] {
        var line = line
        for name in names {
            var replacements: [(Range<Int>, [UInt8])] = []
            var position = 0
            while let start = line.firstPlace(of: name, from: position) {
                let end = start + name.count
                if (start == 0 || !Self.isWord(line[start - 1])) && (end == line.count || !Self.isWord(line[end])) {
                    replacements.append((start..<end, host))
                }
                position = end
            }
            line = Self.replacing(replacements, in: line)
        }
        return line
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x5F || byte == 0x2D
            || byte >= 0x80
    }

    private static func replacing(_ replacements: [(Range<Int>, [UInt8])], in line: [UInt8]) -> [UInt8] {
        guard !replacements.isEmpty else { return line }
        var result: [UInt8] = []
        result.reserveCapacity(line.count)
        var end = 0
        for (range, placeholder) in replacements {
            result += line[end..<range.lowerBound]
            result += placeholder
            end = range.upperBound
        }
        return result + line[end...]
    }
}

/// How a target may call itself.
enum TargetNames {
    /// The longest first: the target as it was named, its host part, and the host's first label. Of the last two only
    /// those that are not common word: with a digit, a dot or a dash.
    static func all(of target: String) -> [[UInt8]] {
        let bytes = Array(target.utf8)
        var host = bytes[(bytes.lastIndex(of: 0x40).map { $0 + 1 } ?? 0)...]
        if host.first == 0x5B, let end = host.firstIndex(of: 0x5D) {
            host = host[(host.startIndex + 1)..<end]
        } else if let colon = host.lastIndex(of: 0x3A), host.firstIndex(of: 0x3A) == colon {
            host = host[..<colon]
        }
        let label = host.prefix { $0 != 0x2E }
        let isTelling: (ArraySlice<UInt8>) -> Bool = { name in
            name.contains { (0x30...0x39).contains($0) || $0 == 0x2E || $0 == 0x2D }
        }
        var names = [bytes]
        // An address's first number is not a name.
        let isAddress = label.allSatisfy { (0x30...0x39).contains($0) }
        if isTelling(host), !names.contains(Array(host)) { names.append(Array(host)) }
        if isTelling(label), !isAddress, !names.contains(Array(label)) { names.append(Array(label)) }
        // A prompt names it whatever it is called.
        names.append([0x5B] + host + [0x5D, 0x3A])
        return names.filter { $0.count > 1 }
    }
}

extension [UInt8] {
    /// Where some bytes stand, at `start` or behind it.
    func firstPlace(of bytes: [UInt8], from start: Int) -> Int? {
        guard let first = bytes.first, start + bytes.count <= count else { return nil }
        return withUnsafeBytes { raw in
            var position = start
            while let found = raw.firstOffset(of: first, from: position), found + bytes.count <= raw.count {
                if raw[found..<(found + bytes.count)].elementsEqual(bytes) { return found }
                position = found + 1
            }
            return nil
        }
    }
}
