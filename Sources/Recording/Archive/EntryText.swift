import RecordingFormat
import SystemErrors

/// An entry's asciicast while it grows: in memory, or most of it in the spill file.
final class EntryText {
    let header: EntryHeader
    let name: String
    private var bytes: [UInt8]
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

    var length: UInt64 { spilledBytes + UInt64(bytes.count) }
    /// How much of it is in memory.
    var heldBytes: Int { bytes.count }

    func append(time: UInt64, code: RecordedCode, text: some Collection<UInt8>) {
        lastTime = max(lastTime, time)
        if code == .exit { exit = Array(text) }
        progress.take(code, text)
        CastEncoder.append(time: time, code: code, text: text, to: &bytes)
    }

    /// Moves what is in memory to the spill file.
    func spill(to file: SpillFile) throws(SystemError) {
        guard !bytes.isEmpty else { return }
        hash.update(bytes)
        spilled.append(try file.append(bytes))
        spilledBytes += UInt64(bytes.count)
        bytes = []
    }

    /// Closes the text with its hash line.
    /// - Returns: SHA-256 of all of it, in hexadecimal.
    func close() -> String {
        hash.update(bytes)
        let hashed = bytes.count
        CastEncoder.append(time: lastTime, code: .hash, text: hash.hexadecimalDigest().utf8, to: &bytes)
        hash.update(Array(bytes[hashed...]))
        return hash.hexadecimalDigest()
    }

    /// How many pieces `piece` hands out.
    var pieces: Int { spilled.count + 1 }

    /// The text's bytes, piece by piece.
    func piece(_ index: Int, from file: SpillFile?) throws(SystemError) -> [UInt8] {
        guard index < spilled.count, let file else { return bytes }
        return try file.read(spilled[index])
    }
}
