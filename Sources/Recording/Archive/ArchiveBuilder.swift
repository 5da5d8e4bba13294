import Files
import Glibc
import RecordingFormat
import SystemErrors

/// Builds a run's archive from its journal's blocks, the same way while the run goes on and when a killed one is
/// recovered: entries grow here, and go into `run.tar.zst.part` sixteen to a frame as they finish. Holds no more than
/// `memory` of them; the rest waits in a spill file. Used from one thread.
final class ArchiveBuilder {
    /// Entries to a frame: smaller frames compress worse, larger ones make one entry dearer to fetch.
    static let groupEntries = 16
    static let groupBytes: UInt64 = 8 << 20
    /// Bytes that are read, held and handed on at once, and a record more: larger pieces would be given back to the system each
    /// time, and asked for again.
    static let pieceBytes = 256 << 10
    /// Bytes of entries in memory, where nobody asks for less.
    static let usualMemory = 6 << 20

    let folder: RunFolder
    private let memory: Int
    let file: File
    let archive: TarZstdWriter
    private var spill: SpillFile?
    var run: RunDescription?
    private var runPayload: [UInt8] = []
    private var open: [Int: EntryText] = [:]
    private var ready: [(entry: Int, text: EntryText)] = []
    private var heldBytes = 0
    /// Entries in the archive, each with the number of its frame.
    var placed: [(entry: IndexedEntry, frame: Int)] = []
    var frameCount = 0
    var hashes: [Int: MemberHash] = [:]
    var outcomes: [String: Int] = [:]
    /// Of the last block taken: nanoseconds since the run began, and the journal's chain value.
    var lastTime: UInt64 = 0
    var chain = JournalLayout.chainStart

    static let partName = "run.tar.zst.part"

    /// Begins an archive in the run's folder, in place of an unfinished one.
    init(folder: RunFolder, memory: Int = usualMemory) throws(SystemError) {
        self.folder = folder
        self.memory = memory
        try folder.own.remove(Self.partName)
        file = try folder.own.file(Self.partName, O_WRONLY | O_CREAT | O_EXCL | O_APPEND)
        archive = try TarZstdWriter(file: file)
    }

    /// Takes the journal's next block.
    func take(_ block: JournalBlock) throws(SystemError) {
        for record in block.records { try take(record) }
        lastTime = block.time
        chain = block.chain
        if heldBytes > memory { try spillOpenEntries() }
    }

    private func take(_ record: JournalRecord) throws(SystemError) {
        switch (record.kind, record.entry) {
        case (.run, _):
            runPayload = Array(record.payload)
        case (.playbook, _):
            run = RunDescription(journalPayload: runPayload, playbookBytes: Array(record.payload))
        case (.begin, let entry?):
            // Each target of the run has one entry, and there are no others, whatever a journal says.
            guard
                let header = EntryHeader(journalPayload: record.payload),
                entry < run?.targets.count ?? 0, open[entry] == nil, hashes[entry] == nil
            else { break }
            let text = EntryText(entry: entry, header: header, from: run?.start(ofEntry: entry) ?? .beginning)
            heldBytes += text.heldBytes
            open[entry] = text
        case (.event(let code), let entry?):
            guard let text = open[entry] else { break }
            heldBytes -= text.heldBytes
            text.append(time: record.time, code: code, text: record.payload)
            heldBytes += text.heldBytes
        case (.finish, let entry?):
            try finish(entry)
        default:
            break
        }
    }

    /// What the record of a session says that psrun did not live to end.
    typealias Ending = (outcome: RecordedOutcome, failure: RecordedFailure)

    /// Ends every entry of the run that has not ended: with `truncation` where it had begun, and with `absence` where
    /// it had not, so that each target has its entry, and each line of the playbook its outcome there.
    func endAll(truncation: Ending, absence: Ending) throws(SystemError) {
        guard let run else { return }
        lazy var playbook = RecordedPlaybook(run)
        for (entry, target) in run.targets.enumerated() where hashes[entry] == nil {
            let begun = open[entry]
            heldBytes -= begun?.heldBytes ?? 0
            let text = begun ?? absentEntry(entry, target, of: run)
            if text.exit == nil {
                let ending = begun == nil ? absence : truncation
                let missing = text.progress.missingResults(playbook, for: ending.failure)
                for step in missing { text.append(time: text.lastTime, code: .step, text: step.encoded) }
                let record = TargetRecord(target: target, outcome: ending.outcome, truncatedBy: ending.failure)
                if begun == nil {
                    // A console to which nothing came tells why, so that it does not play empty.
                    let told = record.consoleText(counted: missing.reduce(0) { $0 + $1.lineCount })
                    let lines = told.split(separator: "\n").map { $0 + "\r\n" }.joined()
                    text.append(time: text.lastTime, code: .output, text: Array(lines.utf8))
                }
                text.append(time: text.lastTime, code: .exit, text: record.encoded)
            }
            heldBytes += text.heldBytes
            open[entry] = text
            try finish(entry)
        }
        try writeGroup()
    }

    /// The entry of a target whose session never began.
    private func absentEntry(_ entry: Int, _ target: String, of run: RunDescription) -> EntryText {
        let header = EntryHeader(
            target: target,
            columns: 80,
            rows: 24,
            startedSeconds: run.startedSeconds,
            title: "\(run.playbookName) at \(target)",
            position: run.position(ofEntry: entry)
        )
        let text = EntryText(entry: entry, header: header, from: run.start(ofEntry: entry))
        if let place = run.places[entry] {
            text.append(time: 0, code: .connection, text: Array(RecordedLead.place.utf8) + place.encoded)
        }
        return text
    }

    /// Writes members of the run itself into a frame of their own.
    func writeMembers(_ members: [(name: String, bytes: [UInt8])], last: Bool) throws(SystemError) {
        for member in members {
            _ = try archive.beginMember(
                member.name,
                size: UInt64(member.bytes.count),
                modified: run?.startedSeconds ?? 0
            )
            try archive.write(member.bytes)
            try archive.endMember()
        }
        if last { try archive.endArchive() }
        try archive.endFrame()
        frameCount += 1
        if last, let frame = try archive.written().frames.last {
            try archive.append(ArchiveTrailer(offset: frame.lowerBound, length: UInt64(frame.count)).bytes)
        }
    }

    /// Where all entries lie, in the order of the targets; waits until they are in the file.
    func index() throws(SystemError) -> [IndexedEntry] {
        let frames = try archive.written().frames
        return placed.sorted { $0.entry.entry < $1.entry.entry }.map { entry, frame in
            var entry = entry
            entry.frameOffset = frames[frame].lowerBound
            entry.frameLength = UInt64(frames[frame].count)
            return entry
        }
    }

    /// Puts the archive on disk, whole.
    /// - Returns: its length and SHA-256.
    func close() throws(SystemError) -> (bytes: UInt64, hash: String) {
        let written = try archive.written()
        try file.sync()
        return (written.bytes, written.hash)
    }

    /// Gives the unfinished archive up.
    func discard() throws(SystemError) {
        try folder.own.remove(Self.partName)
    }

    // MARK: Entries

    private func finish(_ entry: Int) throws(SystemError) {
        guard let text = open.removeValue(forKey: entry) else { return }
        heldBytes -= text.heldBytes
        hashes[entry] = MemberHash(name: text.name, hash: text.close())
        heldBytes += text.heldBytes
        let outcome = text.exit.flatMap(TargetRecord.init(parsing:))?.outcome ?? .unknown
        outcomes[outcome.rawValue, default: 0] += 1
        ready.append((entry, text))
        if ready.count == Self.groupEntries || ready.reduce(0, { $0 + $1.text.length }) > Self.groupBytes {
            try writeGroup()
        }
    }

    private func writeGroup() throws(SystemError) {
        guard !ready.isEmpty else { return }
        for (entry, text) in ready {
            let offset = try archive.beginMember(text.name, size: text.length, modified: text.header.startedSeconds)
            for index in 0..<text.pieces { try archive.write(try text.piece(index, from: spill)) }
            try archive.endMember()
            let place = IndexedEntry(
                entry: entry,
                frameOffset: 0,
                frameLength: 0,
                offset: offset,
                length: text.length,
                name: text.name,
                target: text.header.target
            )
            placed.append((place, frameCount))
            heldBytes -= text.heldBytes
        }
        try archive.endFrame()
        frameCount += 1
        ready = []
    }

    /// Spills the largest entries until half the memory is free.
    private func spillOpenEntries() throws(SystemError) {
        if spill == nil { spill = try SpillFile(in: folder.own) }
        guard let spill else { return }
        for text in open.values.sorted(by: { $0.heldBytes > $1.heldBytes }) {
            guard heldBytes > memory / 2 else { return }
            heldBytes -= text.heldBytes
            try text.spill(to: spill)
        }
    }
}
