package import RecordingFormat

/// How a step or a session ended, as one character of a grid: it tells without any colour.
package enum OutcomeLetter {
    /// Where a host has no such step, or was not there that night.
    package static let none = UInt8(ascii: " ")
    /// What a later version of psrun may record.
    private static let other = UInt8(ascii: "X")

    private static let letters: [(letter: UInt8, outcome: RecordedOutcome)] = [
        (UInt8(ascii: "."), .ok), (UInt8(ascii: "E"), .error), (UInt8(ascii: "F"), .failed),
        (UInt8(ascii: "B"), .broken), (UInt8(ascii: "U"), .unreachable), (UInt8(ascii: "T"), .timedOut),
        (UInt8(ascii: "S"), .stopped), (UInt8(ascii: "?"), .unknown), (UInt8(ascii: "-"), .notSent),
        (UInt8(ascii: "N"), .notRun),
    ]

    package static func of(_ outcome: RecordedOutcome?) -> UInt8 {
        guard let outcome else { return none }
        return letters.first { $0.outcome == outcome }?.letter ?? other
    }

    /// `not sent`; empty for `none`.
    static func words(_ letter: UInt8) -> String {
        guard letter != none else { return "" }
        guard let outcome = outcome(letter) else { return "another outcome" }
        return outcome.rawValue.split(separator: "_").joined(separator: " ")
    }

    /// The page's class: `ok`, `bad`, `warn` or `none`.
    static func kind(_ letter: UInt8) -> String {
        letter == none ? "none" : letter == other ? "warn" : PageHead.kind(outcome(letter))
    }

    /// As the page shows it: a dot in the middle is quiet beside letters.
    static func shown(_ letters: some Sequence<UInt8>) -> String {
        String(letters.map { $0 == UInt8(ascii: ".") ? "\u{B7}" : Character(UnicodeScalar($0)) })
    }

    /// All that there are, as the legend has them, the worst first.
    static let all: [UInt8] = "FEBUTS?X-N.".utf8.map(\.self)

    private static func outcome(_ letter: UInt8) -> RecordedOutcome? {
        letters.first { $0.letter == letter }?.outcome
    }
}
