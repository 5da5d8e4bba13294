import RecordingFormat
import SystemErrors

/// Takes entries of other archives, in the order of the targets: their lines as they are, with another number in the first
/// one and another hash in the last.
extension ArchiveBuilder {
    /// Copies an entry, checked against its seal.
    /// - Parameters:
    ///   - number: of the entry here, from 0; each is the one behind the last.
    ///   - group: how many entries, and how many bytes of them, the frame has so far.
    /// - Throws: RecordingError `damaged`, or `writeFailed`.
    func copy(
        _ source: IndexedEntry,
        of recording: SealedRecording,
        as number: Int,
        group: inout (entries: Int, bytes: UInt64)
    ) throws(RecordingError) {
        let hash = SHA256()
        let name = RunName.member(entry: number, target: source.target)
        var place = IndexedEntry(
            entry: number,
            frameOffset: 0,
            frameLength: 0,
            offset: 0,
            length: 0,
            name: name,
            target: source.target
        )
        var (outcome, isClosed) = (RecordedOutcome.unknown, false)
        try recording.forEachCheckedLine(of: source) { line, index throws(RecordingError) in
            guard !isClosed else { throw recording.damage(.misplaced(index), in: source) }
            var bytes = Array(line)
            if index == 1 {
                let (header, started) = try Self.header(line, number, recording, source)
                bytes = header
                place.length = source.length - UInt64(line.count) + UInt64(bytes.count)
                try writing {
                    () throws(SystemError) in
                    place.offset = try archive.beginMember(name, size: place.length, modified: started)
                }
            }
            switch CastLine.code(of: line) {
            case .exit: outcome = Self.outcome(line) ?? .unknown
            case .hash:
                bytes = try Self.hashLine(line, hash.hexadecimalDigest(), index, recording, source)
                isClosed = true
            default: break
            }
            hash.update(bytes)
            try writing { () throws(SystemError) in try archive.write(bytes) }
        }
        guard isClosed else { throw recording.damage(.misplaced(0), in: source) }
        hashes[number] = MemberHash(name: name, hash: hash.hexadecimalDigest())
        outcomes[outcome.rawValue, default: 0] += 1
        placed.append((place, frameCount))
        group = (group.entries + 1, group.bytes + place.length)
        let isFull = group.entries == Self.groupEntries || group.bytes > Self.groupBytes
        try writing { () throws(SystemError) in
            try archive.endMember()
            if isFull { try endGroup(&group) }
        }
    }

    /// Ends the frame of the entries so far, where there are any.
    func endGroup(_ group: inout (entries: Int, bytes: UInt64)) throws(SystemError) {
        guard group.entries > 0 else { return }
        try archive.endFrame()
        frameCount += 1
        group = (0, 0)
    }

    private func writing(_ body: () throws(SystemError) -> Void) throws(RecordingError) {
        do throws(SystemError) { try body() } catch { throw error.asWriteFailure }
    }

    /// The first line with the entry's number here, and without its place among the shards' targets.
    private static func header(
        _ line: ArraySlice<UInt8>,
        _ number: Int,
        _ recording: SealedRecording,
        _ entry: IndexedEntry
    ) throws(RecordingError) -> (line: [UInt8], started: Int64) {
        guard var members = (try? JSONValue(parsing: Array(line)))?.members,
            let stamp = members.firstIndex(where: { $0.key == RecordKey.psrun.rawValue }),
            var own = members[stamp].value.members,
            let place = own.firstIndex(where: { $0.key == RecordKey.entry.rawValue }),
            let started = JSONValue.object(members)[.timestamp]?.integer
        else { throw recording.damage(.misplaced(1), in: entry) }
        own[place].value = .integer(Int64(number) + 1)
        members[stamp].value = .object(own)
        members.removeAll { $0.key == RecordKey.position.rawValue }
        return (JSONValue.object(members).compact + [0x0A], started)
    }

    /// The last line with another hash, which has the same length.
    private static func hashLine(
        _ line: ArraySlice<UInt8>,
        _ hash: String,
        _ index: Int,
        _ recording: SealedRecording,
        _ entry: IndexedEntry
    ) throws(RecordingError) -> [UInt8] {
        let ending = Array("\"]\n".utf8)
        guard line.count > hash.utf8.count + ending.count, line.suffix(ending.count).elementsEqual(ending) else {
            throw recording.damage(.misplaced(index), in: entry)
        }
        return line.dropLast(hash.utf8.count + ending.count) + hash.utf8 + ending
    }

    private static func outcome(_ line: ArraySlice<UInt8>) -> RecordedOutcome? {
        guard case .event(let event)? = try? CastLine(decoding: line, number: 2) else { return nil }
        return TargetRecord(parsing: event.data.utf8)?.outcome
    }
}

extension CastError {
    fileprivate static func misplaced(_ line: Int) -> CastError {
        CastError(message: "it is not where an entry of psrun's has it", line: line)
    }
}
