import RecordingFormat
import SystemErrors

/// An entry's asciicast while it grows: in memory, or most of it in the spill file.
final class EntryText {
    /// So much is held in one piece, and a record more: larger ones would be given back to the system each time, and asked
    /// for again.
    private static let pieceBytes = 256 << 10

    let header: EntryHeader
    let name: String
    /// What is in memory: full pieces, and the one that grows.
    private var full: [[UInt8]] = []
    private var bytes: [UInt8]
    private var fullBytes = 0
    private var spilled: [SpillFile.Extent] = []
    private var spilledBytes: UInt64 = 0
    private let hash = SHA256()
    /// Nanoseconds of the last event.
    private(set) var lastTime: UInt64 = 0
    /// The last `X` event's text.
    private(set) var exit: [UInt8]?
    private(set) var progress: EntryProgress

    /// - Parameter start: where the session begins in the playbook.
    init(entry: Int, header: EntryHeader, from start: TargetStart = .beginning) {
        self.header = header
        progress = EntryProgress(from: start)
        name = RunName.member(entry: entry, target: header.target)
        bytes = CastEncoder.headerLine(header, entry: entry)
    }

    var length: UInt64 { spilledBytes + UInt64(heldBytes) }
    /// How much of it is in memory.
    var heldBytes: Int { fullBytes + bytes.count }

    func append(time: UInt64, code: RecordedCode, text: some Collection<UInt8>) {
        lastTime = max(lastTime, time)
        if code == .exit { exit = Array(text) }
        progress.take(code, text)
        CastEncoder.append(time: time, code: code, text: text, to: &bytes)
        guard bytes.count >= Self.pieceBytes else { return }
        full.append(bytes)
        fullBytes += bytes.count
        bytes = []
        // Where one was full, the next one will be.
        bytes.reserveCapacity(Self.pieceBytes * 3 / 2)
    }

    /// Moves what is in memory to the spill file.
    func spill(to file: SpillFile) throws(SystemError) {
        for piece in full + [bytes] where !piece.isEmpty {
            hash.update(piece)
            spilled.append(try file.append(piece))
            spilledBytes += UInt64(piece.count)
        }
        full = []
        fullBytes = 0
        bytes = []
    }

    /// Closes the text with its hash line.
    /// - Returns: SHA-256 of all of it, in hexadecimal.
    func close() -> String {
        for piece in full { hash.update(piece) }
        hash.update(bytes)
        let hashed = bytes.count
        CastEncoder.append(time: lastTime, code: .hash, text: hash.hexadecimalDigest().utf8, to: &bytes)
        hash.update(Array(bytes[hashed...]))
        return hash.hexadecimalDigest()
    }

    /// How many pieces `piece` hands out.
    var pieces: Int { spilled.count + full.count + 1 }

    /// The text's bytes, piece by piece.
    func piece(_ index: Int, from file: SpillFile?) throws(SystemError) -> [UInt8] {
        if index < spilled.count, let file { return try file.read(spilled[index]) }
        let held = index - spilled.count
        return held < full.count ? full[held] : bytes
    }
}
