import RecordingFormat
import SystemErrors

/// An entry's asciicast while it grows: in memory, or most of it in the spill file.
final class EntryText {
    let header: EntryHeader
    let name: String
    /// What is in memory: pieces that are full, and the last one, which grows.
    private var held: [[UInt8]]
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
        held = [CastEncoder.headerLine(header, entry: entry)]
    }

    var length: UInt64 { spilledBytes + UInt64(heldBytes) }
    /// How much of it is in memory.
    var heldBytes: Int { held.reduce(0) { $0 + $1.count } }

    func append(time: UInt64, code: RecordedCode, text: some Collection<UInt8>) {
        lastTime = max(lastTime, time)
        if code == .exit { exit = Array(text) }
        progress.take(code, text)
        let last = held.count - 1
        CastEncoder.append(time: time, code: code, text: text, to: &held[last])
        guard held[last].count >= ArchiveBuilder.pieceBytes else { return }
        held.append([])
        // Where one was full, the next one will be.
        held[last + 1].reserveCapacity(ArchiveBuilder.pieceBytes * 3 / 2)
    }

    /// Moves what is in memory to the spill file.
    func spill(to file: SpillFile) throws(SystemError) {
        for piece in held where !piece.isEmpty {
            hash.update(piece)
            spilled.append(try file.append(piece))
            spilledBytes += UInt64(piece.count)
        }
        held = [[]]
    }

    /// Closes the text with its hash line.
    /// - Returns: SHA-256 of all of it, in hexadecimal.
    func close() -> String {
        for piece in held { hash.update(piece) }
        let last = held.count - 1
        let hashed = held[last].count
        CastEncoder.append(time: lastTime, code: .hash, text: hash.hexadecimalDigest().utf8, to: &held[last])
        hash.update(Array(held[last][hashed...]))
        return hash.hexadecimalDigest()
    }

    /// How many pieces `piece` hands out.
    var pieces: Int { spilled.count + held.count }

    /// The text's bytes, piece by piece.
    func piece(_ index: Int, from file: SpillFile?) throws(SystemError) -> [UInt8] {
        if index < spilled.count, let file { return try file.read(spilled[index]) }
        return held[index - spilled.count]
    }
}
