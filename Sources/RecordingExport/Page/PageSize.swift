/// How much a page may hold: a browser opens it in a moment, and a person finds a way through it.
package enum PageSize {
    /// Bytes of a whole page of several sessions.
    package static let limit = 15_000_000
    /// Bytes of the earlier nights' details, compressed, of that.
    package static let details = 5_000_000
    /// Sessions that stand in a page as text, with and without scripts; more are compressed.
    package static let plainSessions = 32
    /// Bytes of their stored lines.
    package static let plainBytes = 1 << 20
    /// Earlier nights of a page.
    package static let nights = 366
    /// Hosts times steps, of all earlier nights together.
    package static let cells = 8_000_000
    /// Steps of a night.
    package static let steps = 2_000
    /// Steps whose durations are drawn over the nights: those that take longest.
    static let trends = 60
    /// Characters of a reason, and of a step's text in a heading.
    static let reason = 240
    static let text = 160

    /// `812 bytes`, `64 kB`, `3.2 MB`.
    package static func text(_ bytes: Int) -> String {
        switch bytes {
        case ..<1_000: "\(bytes) bytes"
        case ..<1_000_000: "\(bytes / 1_000) kB"
        default: "\(bytes / 1_000_000).\(bytes / 100_000 % 10) MB"
        }
    }

    /// So many characters of a text, on one line.
    static func line(_ text: String, atMost count: Int) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ⏎ ")
        return line.count > count ? "\(line.prefix(count - 1))…" : line
    }
}
