import ConsoleText

/// What a person pressed at a terminal.
package enum Key: Sendable, Hashable {
    case character(Character)
    case enter, escape, backspace, tab, backTab
    case up, down, left, right, home, end, pageUp, pageDown
    /// Ctrl with a letter, in lower case.
    case control(Character)
}

/// Turns what a terminal sends into keys, however it is cut.
package struct KeyDecoder: Sendable {
    private var pending: [UInt8] = []

    package init() {}

    /// Whether what came may be the beginning of a key: the escape key, where nothing follows at once.
    package var isUndecided: Bool { !pending.isEmpty }

    package mutating func receive(_ bytes: some Collection<UInt8>) -> [Key] {
        pending += bytes
        var keys: [Key] = []
        while let (length, key) = next() {
            pending.removeFirst(length)
            if let key { keys.append(key) }
        }
        return keys
    }

    /// Nothing followed: what is pending is all.
    package mutating func flush() -> [Key] {
        defer { pending = [] }
        return pending.first == ControlSequence.escape ? [.escape] : []
    }

    /// The length of what comes first, and the key where it is one that is known; nil where more has to come.
    private func next() -> (Int, Key?)? {
        guard let first = pending.first else { return nil }
        switch first {
        case ControlSequence.escape: return escapeSequence()
        case 0x0D, 0x0A: return (1, .enter)
        case 0x09: return (1, .tab)
        case 0x7F, 0x08: return (1, .backspace)
        case 0x01...0x1A: return (1, .control(Character(Unicode.Scalar(first + 0x60))))
        case 0x00..<0x20: return (1, nil)
        default: return character()
        }
    }

    private func character() -> (Int, Key?)? {
        let length = pending[0] < 0xC0 || pending[0] >= 0xF8 ? 1 : pending[0] < 0xE0 ? 2 : pending[0] < 0xF0 ? 3 : 4
        guard pending.dropFirst().prefix(length - 1).allSatisfy({ $0 & 0xC0 == 0x80 }) else { return (1, nil) }
        guard pending.count >= length else { return nil }
        let text = String(decoding: pending[..<length], as: UTF8.self)
        guard let character = text.first, text.count == 1, character != "\u{FFFD}" else { return (1, nil) }
        return (length, .character(character))
    }

    /// CSI and SS3 sequences (ECMA-48, 5.4; xterm's keys).
    private func escapeSequence() -> (Int, Key?)? {
        guard pending.count > 1 else { return nil }
        guard pending[1] == 0x5B || pending[1] == 0x4F else { return (1, .escape) }
        // SS3 takes parameters as CSI does, in what xterm sends with modifiers.
        var scanner = ControlSequenceScanner(behind: [ControlSequence.escape, 0x5B])
        var end = 2
        while end < pending.count {
            switch scanner.take(pending[end]) {
            case .more: end += 1
            case .none: return (end, nil)
            case .whole: return (end + 1, Self.key(final: pending[end], parameters: pending[2..<end]))
            }
        }
        return nil
    }

    private static func key(final: UInt8, parameters: ArraySlice<UInt8>) -> Key? {
        let first = String(decoding: parameters.prefix { $0 != 0x3B }, as: UTF8.self)
        return switch (final, first) {
        case (0x41, _): .up
        case (0x42, _): .down
        case (0x43, _): .right
        case (0x44, _): .left
        case (0x46, _), (0x7E, "4"), (0x7E, "8"): .end
        case (0x48, _), (0x7E, "1"), (0x7E, "7"): .home
        case (0x5A, _): .backTab
        case (0x7E, "5"): .pageUp
        case (0x7E, "6"): .pageDown
        default: nil
        }
    }
}
