import Files
import Glibc
package import RecordingFormat
import SystemErrors

/// A sealed run, opened for reading. What the manifest binds is checked as far as it is read: index and SHA256SUMS when
/// it is opened, an entry when it is asked for.
package final class SealedRecording {
    package let manifest: Manifest
    /// In the order of the run's targets; of a run opened for one target's sake those that may be meant.
    package let entries: [IndexedEntry]
    /// Bounds on what is held at once, whatever a file claims: a manifest has the same few members for any run; index and
    /// hashes take some 300 bytes a target.
    private static let manifestBytes = RecordingBound.manifest.limit
    private static let indexBytes = RecordingBound.index.bytes

    private let file: File
    private let hashes: MemberHashes
    private let longestLine: Int
    /// Where the last reading ended: who reads entries in their order decompresses each frame once.
    private var cursor: FrameCursor?
    /// Where the frame with the index begins.
    private let tailOffset: UInt64

    /// SHA-256 of the manifest, in hexadecimal.
    package var manifestHash: String { hexadecimal(sha256(manifest.encoded)) }

    /// Opens the sealed run in a folder; reads its manifest and the archive's last frame, and nothing else.
    /// - Parameters:
    ///   - host: takes no more of a large index than the lines in which this stands, in either case; all, where
    ///     it stands in none.
    ///   - longestLine: in bytes; an entry with a longer one is damaged.
    /// - Throws: `notFound`, or `damaged` where what is read is not what was sealed.
    package init(
        folder: String,
        mentioning host: String? = nil,
        longestLine: Int = RecordingBound.entryLine.bytes
    ) throws(RecordingError) {
        self.longestLine = longestLine
        let tail: [String: [UInt8]]
        let tailOffset: UInt64
        do throws(SystemError) {
            manifest = try Self.manifest(in: folder)
            file = try File("\(folder)/\(ArchiveBuilder.archiveName)", O_RDONLY)
            let size = try file.size
            guard size == manifest.archiveBytes else { throw SystemError("decode", file.path, EILSEQ) }
            (tail, tailOffset) = try Self.lastFrame(of: file, size: size)
        } catch {
            throw error.asReadFailure
        }
        guard let index = tail[RunName.indexMember], let sums = tail[RunName.sumsMember],
            hexadecimal(sha256(index)) == manifest.indexHash, hexadecimal(sha256(sums)) == manifest.sumsHash,
            let entries = host.flatMap({ ArchiveIndex.decode(index, mentioning: $0) }) ?? ArchiveIndex.decode(index),
            index.count(where: { $0 == 0x0A }) == manifest.entries,
            let hashes = entries.count == manifest.entries ? MemberHashes(all: sums) : MemberHashes(few: sums)
        else { throw Self.damaged(file.path, "its index or its SHA256SUMS is not the one that was sealed") }
        let expanded = ArchiveExpansion.bytes(entries.lazy.map { ($0.frameOffset, $0.offset, $0.length) })
        guard ArchiveExpansion.isAllowed(expanded, of: manifest.archiveBytes) else {
            throw Self.damaged(file.path, ArchiveExpansion.refusal(expanded, of: manifest.archiveBytes))
        }
        self.entries = entries
        self.hashes = hashes
        self.tailOffset = tailOffset
    }

    static func manifest(in folder: String) throws(SystemError) -> Manifest {
        try manifest(of: try File("\(folder)/\(ArchiveBuilder.manifestName)", O_RDONLY))
    }

    static func manifest(in folder: Folder) throws(SystemError) -> Manifest {
        try manifest(of: try folder.file(ArchiveBuilder.manifestName, O_RDONLY))
    }

    private static func manifest(of file: File) throws(SystemError) -> Manifest {
        guard try file.size <= manifestBytes, let manifest = Manifest(try file.read(Int(file.size), at: 0)) else {
            throw SystemError("decode", file.path, EILSEQ)
        }
        return manifest
    }

    /// The entries' lines of SHA256SUMS: the leaves of the Merkle tree.
    package var leaves: [MemberHash] {
        entries.map { MemberHash(name: $0.name, hash: hashes[$0.name] ?? "") }
    }

    /// Checks an entry's bytes against SHA256SUMS.
    /// - Throws: `damaged`.
    package func check(_ entry: IndexedEntry) throws(RecordingError) {
        let hash = SHA256()
        try read(entry) { piece in hash.update(piece) }
        try compare(hash, entry)
    }

    private func compare(_ hash: SHA256, _ entry: IndexedEntry) throws(RecordingError) {
        guard hash.hexadecimalDigest() == hashes[entry.name] else {
            throw Self.damaged(file.path, "\(entry.name) is not what was sealed (its SHA-256 differs)")
        }
    }

    /// Hands out all of an entry's lines, as `forEachLine` does, and checks them: what was made of them is good once this
    /// returns, and not before.
    /// - Throws: `damaged`.
    package func forEachCheckedLine(
        of entry: IndexedEntry,
        _ body: (_ line: ArraySlice<UInt8>, _ number: Int) throws(RecordingError) -> Void
    ) throws(RecordingError) {
        let hash = SHA256()
        try forEachLine(of: entry, hash: hash) { line, number throws(RecordingError) in
            try body(line, number)
            return true
        }
        try compare(hash, entry)
    }

    /// Hands out an entry's lines, each with its line end, and its number from 1, until `body` answers false. It does
    /// not check them: see `check`.
    package func forEachLine(
        of entry: IndexedEntry,
        _ body: (_ line: ArraySlice<UInt8>, _ number: Int) throws(RecordingError) -> Bool
    ) throws(RecordingError) {
        try forEachLine(of: entry, hash: nil, body)
    }

    private func forEachLine(
        of entry: IndexedEntry,
        hash: SHA256?,
        _ body: (_ line: ArraySlice<UInt8>, _ number: Int) throws(RecordingError) -> Bool
    ) throws(RecordingError) {
        var splitter = CastLineSplitter()
        var number = 0
        var wanted = true
        try read(entry) { piece throws(RecordingError) in
            guard wanted else { return }
            hash?.update(piece)
            splitter.receive(piece)
            while wanted, let line = splitter.nextLine() {
                number += 1
                try requireShort(line.count, entry)
                wanted = try body(line, number)
            }
            try requireShort(splitter.rest.count, entry)
        }
    }

    private func requireShort(_ count: Int, _ entry: IndexedEntry) throws(RecordingError) {
        guard count <= longestLine else {
            throw Self.damaged(file.path, "\(entry.name) has a line of more than \(longestLine) bytes")
        }
    }

    /// A line of an entry that cannot be taken.
    package func damage(_ error: CastError, in entry: IndexedEntry) -> RecordingError {
        Self.damaged(file.path, "line \(error.line) of \(entry.name): \(error.message)")
    }

    private func read(
        _ entry: IndexedEntry,
        _ body: (_ piece: [UInt8]) throws(RecordingError) -> Void
    ) throws(RecordingError) {
        let end = entry.frameOffset.addingReportingOverflow(entry.frameLength)
        guard !end.overflow, end.partialValue <= manifest.archiveBytes else {
            throw Self.damaged(file.path, "\(entry.name) lies beyond the end of the file")
        }
        do {
            let range = entry.frameOffset..<end.partialValue
            var cursor = try self.cursor?.advanced(to: entry, in: range) ?? FrameCursor(file, range)
            // What is given up in the middle is not gone on with.
            self.cursor = nil
            // Only what the index tells of is read: a member between could expand to anything.
            while let member = try cursor.reader.nextMember() {
                let start = cursor.place + UInt64(TarHeader.byteCount)
                guard start <= entry.offset, member.size <= RecordingBound.entry.limit else { break }
                cursor.place = start + TarHeader.padded(member.size)
                guard start == entry.offset else {
                    guard cursor.place < entry.offset else { break }
                    continue
                }
                guard member.name == entry.name, member.size == entry.length else { break }
                while case let piece = try cursor.reader.read(), !piece.isEmpty { try body(piece) }
                self.cursor = cursor
                return
            }
        } catch let error as RecordingError {
            throw error
        } catch let error as SystemError {
            throw error.asReadFailure
        } catch {
            throw Self.damaged(file.path, "\(error)")
        }
        throw Self.damaged(file.path, "\(entry.name) is not where its index says, or not as long")
    }

    /// The members of the frame that the trailer points to: the index and the hashes, each once, and no others.
    /// - Returns: each by its name, and where the frame begins.
    static func lastFrame(
        of file: File,
        size: UInt64
    ) throws(SystemError) -> (members: [String: [UInt8]], offset: UInt64) {
        let trailerBytes = UInt64(ArchiveTrailer.byteCount)
        guard size > trailerBytes else { throw SystemError("decode", file.path, EILSEQ) }
        let bytes = try file.read(ArchiveTrailer.byteCount, at: size - trailerBytes)
        guard let trailer = ArchiveTrailer(bytes), trailer.offset <= size, trailer.length <= size - trailer.offset
        else {
            throw SystemError("decode", file.path, EILSEQ)
        }
        var members: [String: [UInt8]] = [:]
        let frame = try TarZstdReader(file: file, range: trailer.offset..<(trailer.offset + trailer.length))
        while let member = try frame.nextMember() {
            guard [RunName.indexMember, RunName.sumsMember].contains(member.name), members[member.name] == nil else {
                throw SystemError("decode", file.path, EILSEQ)
            }
            var content: [UInt8] = []
            content.reserveCapacity(Int(min(member.size, UInt64(indexBytes))))
            while case let piece = try frame.read(), !piece.isEmpty {
                content += piece
                guard content.count <= indexBytes else { throw SystemError("decode", file.path, EFBIG) }
            }
            members[member.name] = content
        }
        return (members, trailer.offset)
    }

    /// The playbook as it was recorded. Of a run that was opened for one target's sake it cannot be found.
    /// - Throws: `damaged` where it is not what was sealed.
    package func playbook() throws(RecordingError) -> [UInt8] {
        let start = entries.map { $0.frameOffset + $0.frameLength }.max() ?? 0
        var bytes: [UInt8] = []
        do throws(SystemError) {
            guard start < tailOffset else { throw SystemError("decode", file.path, EILSEQ) }
            let frame = try TarZstdReader(file: file, range: start..<tailOffset)
            while let member = try frame.nextMember() {
                guard member.name == RunName.playbookMember, bytes.isEmpty else { continue }
                while bytes.count <= Self.indexBytes, case let piece = try frame.read(), !piece.isEmpty {
                    bytes += piece
                }
            }
        } catch {
            throw error.asReadFailure
        }
        guard hexadecimal(sha256(bytes)) == manifest.playbookHash else {
            throw Self.damaged(file.path, "its playbook is not what was sealed (its SHA-256 differs)")
        }
        return bytes
    }

    static func damaged(_ path: String, _ what: String) -> RecordingError {
        RecordingError(
            .damaged,
            "The recording \(path) is damaged: \(what). Restore it from a copy; do not trust this one."
        )
    }
}
