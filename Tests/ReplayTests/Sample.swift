@testable import Replay

extension Timeline {
    /// A session of pieces, one a second.
    init(pieces: [String], colored: Bool = true) {
        self.init(colored: colored)
        for (index, piece) in pieces.enumerated() { append(piece, second: index) }
    }

    mutating func append(_ text: String, second: Int) {
        var text = text
        text.withUTF8 { append($0, at: UInt64(second) * 1_000_000_000) }
    }

    /// The rows of the screen as text, styles left out.
    func rows(shown: Int? = nil, columns: Int, rows: Int) -> [String] {
        screen(end: end(shown ?? count), columns: columns, rows: rows).text
    }
}

extension Screen {
    var text: [String] {
        rows.map { String(decoding: $0, as: UTF8.self).replacing(/\u{1B}\[[0-9;:]*m/, with: "") }
    }
}
