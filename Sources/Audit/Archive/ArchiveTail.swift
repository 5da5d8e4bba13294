import Files
import Recording
import RecordingFormat
import SystemErrors

/// The end of an archive: the frame with `index.tsv` and SHA256SUMS, and the trailer that says where it is.
struct ArchiveTail {
    let trailer: ArchiveTrailer
    let index: (name: String, bytes: [UInt8])
    let sums: (name: String, bytes: [UInt8])

    /// - Parameters:
    ///   - size: the file's.
    ///   - sealed: how many bytes it had when it was sealed.
    /// - Throws: where the end is cut off, or holds anything else.
    init(_ file: File, size: UInt64, sealed: UInt64) throws(Damage) {
        let trailerBytes = UInt64(ArchiveTrailer.byteCount)
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try file.read(ArchiveTrailer.byteCount, at: size - min(size, trailerBytes))
        } catch {
            throw Damage(error)
        }
        guard
            let trailer = ArchiveTrailer(bytes), trailer.length > 0, trailer.length <= size - trailerBytes,
            trailer.length < sealed
        else {
            throw Damage(
                "its last 32 bytes are not the trailer that tells where the index is; it is cut off, or longer"
            )
        }
        self.trailer = trailer
        let members = [RunName.indexMember, RunName.sumsMember].map { ExpectedMember(name: $0, hash: nil, size: nil) }
        let end = size - trailerBytes
        let frame = ExpectedFrame(bytes: (end - trailer.length)..<end, members: members, endsArchive: true)
        var check = FrameCheck(frame, keepsText: true)
        try ZstdFrameReader().decode(frame.bytes, of: file) { piece throws(Damage) in try check.receive(piece) }
        try check.finish()
        for (member, problem) in zip(members, check.verdicts) {
            if let problem { throw Damage("\(member.name): \(problem)") }
        }
        index = (RunName.indexMember, check.texts[0])
        sums = (RunName.sumsMember, check.texts[1])
    }

    /// The index, where its bytes are exactly those of what they say.
    func decodedIndex() throws(Damage) -> [IndexedEntry] {
        guard let entries = ArchiveIndex.decode(index.bytes), ArchiveIndex.encode(entries) == index.bytes else {
            throw Damage("index.tsv is not an index")
        }
        return entries
    }

    /// SHA256SUMS, likewise.
    func decodedSums() throws(Damage) -> [MemberHash] {
        guard let members = [MemberHash](sums: sums.bytes), members.sums == sums.bytes else {
            throw Damage("SHA256SUMS is not a list of hashes")
        }
        return members
    }
}
