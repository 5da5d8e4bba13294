import ConsoleText

/// What several targets' consoles would have shown, one's after the other's: each is kept until its target has ended, as it
/// is to be written, and most of it not in memory.
struct Transcript: Sendable {
    /// How much of one target's is kept.
    private static let mostBytes = 16 << 20
    /// So much waits for the end of its line.
    private static let waitingBytes = 64 << 10
    /// And so much where there is no line end.
    private static let longestWaiting = 1 << 20

    private let colored: Bool
    private var shown: SpooledBytes
    /// What may be the beginning of a sequence that goes on in the next piece.
    private var rest = ""
    private var count = 0
    private var isCut = false
    private var endsLine = true
    /// Whether the far side may have left a colour on.
    private(set) var holdsEscape = false

    init(_ spool: ResultSpool, colored: Bool) {
        shown = SpooledBytes(spool)
        self.colored = colored
    }

    mutating func append(_ text: String) {
        guard !isCut, !text.isEmpty else { return }
        isCut = count + text.utf8.count > Self.mostBytes
        let note = "\n[psrun: more than \(Self.mostBytes >> 20) MiB; the recording has everything]\n"
        let text = isCut ? note : text
        count += text.utf8.count
        endsLine = text.utf8.last == UInt8(ascii: "\n")
        holdsEscape = holdsEscape || text.holdsEscape
        rest += text
        if rest.utf8.count >= Self.waitingBytes { settle() }
    }

    /// All of it, ending with a line end where there is anything; piece by piece, up to nil.
    mutating func source() -> @Sendable () -> [UInt8]? {
        if !endsLine { rest += "\n" }
        show(rest)
        rest = ""
        return shown.source()
    }

    private mutating func settle() {
        let bytes = rest.utf8
        var end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { bytes.index(after: $0) }
        if end == nil, bytes.count >= Self.longestWaiting {
            // An escape that begins here may go on.
            end = bytes.suffix(256).lastIndex(of: ControlSequence.escape) ?? bytes.endIndex
        }
        guard let end, end > bytes.startIndex else { return }
        show(String(rest[..<end]))
        rest = String(rest[end...])
    }

    private mutating func show(_ text: String) {
        shown.append(TerminalText.presentable(text, colored: colored).utf8)
    }
}
