import Files
import Glibc
import Recording
import RecordingFormat
import SystemErrors

/// Checks a file that `prove` made.
struct ProofAudit {
    /// What a manifest, a signature and a path have at most.
    private static let mostBytes = RecordingBound.proofMember.limit
    private static let pieceBytes = 128 << 10

    private let file: File
    private let size: UInt64
    private var place: UInt64 = 0

    /// - Parameter path: the file's.
    static func of(_ path: String, signatures: SignatureCheck) -> AuditedRun {
        let name = FilePaths.name(of: path)
        var audited = AuditedRun(name, .proof)
        do throws(Damage) {
            var audit = try ProofAudit(path)
            try audit.check(&audited, signatures)
        } catch {
            audited.add(.proofInvalid, .problem, nil, error.message)
        }
        return audited
    }

    private init(_ path: String) throws(Damage) {
        do throws(SystemError) {
            file = try File(path, O_RDONLY)
            size = try file.size
        } catch {
            throw Damage(error)
        }
    }

    private mutating func check(_ audited: inout AuditedRun, _ signatures: SignatureCheck) throws(Damage) {
        audited.entries = 1
        audited.goodEntries = 0
        let manifestBytes = try member(RecordedFiles.manifest)
        guard let manifest = Manifest(manifestBytes) else {
            throw Damage("its manifest.json is not a manifest of format version 1")
        }
        audited = AuditedRun(manifest.run, .proof)
        audited.entries = 1
        audited.goodEntries = 0
        let isSigned = try header().name == RecordedFiles.manifestSignature
        let (status, finding) = signatures.verdict(
            isSigned ? try member(RecordedFiles.manifestSignature) : nil,
            of: manifestBytes,
            at: manifest.endedSeconds,
            run: manifest.run,
            member: RecordedFiles.manifest
        )
        audited.signature = status
        if let finding { audited.findings.append(finding) }
        guard let proof = MerkleProof(try member(ProofFile.path)) else {
            throw Damage("its path.tsv is not a Merkle path")
        }
        guard
            let number = Int(proof.leaf.name.prefix { $0 != "-" }), proof.fits(place: number - 1, of: manifest.entries),
            proof.root(hash: sha256) == manifest.merkleRoot
        else { throw Damage("path.tsv does not lead from \(proof.leaf.name) to the manifest's Merkle root") }
        if let problem = try entry(proof.leaf) {
            return audited.add(.memberAltered, .problem, proof.leaf.name, problem)
        }
        audited.goodEntries = 1
        if manifest.recovered {
            audited.add(.runRecovered, .incomplete, nil, "psrun was killed; this is what its journal held")
        }
    }

    // MARK: The tar file

    /// The header at the present place.
    private func header() throws(Damage) -> TarHeader {
        guard let header = TarHeader(try read(TarHeader.byteCount, at: place)) else {
            throw Damage("there is no tar header of a regular file at byte \(place)")
        }
        return header
    }

    /// Steps over a small member of that name.
    private mutating func member(_ name: String) throws(Damage) -> [UInt8] {
        let header = try header()
        guard header.name == name, header.size <= Self.mostBytes else {
            throw Damage("at byte \(place) is \(header.name) instead of \(name)")
        }
        let text = try read(Int(header.size), at: place + UInt64(TarHeader.byteCount))
        place += UInt64(TarHeader.byteCount) + TarHeader.padded(header.size)
        return text
    }

    /// Compares the entry, the last member, and that nothing but zeros follows a member's text.
    /// - Returns: what is wrong with it.
    private func entry(_ leaf: MemberHash) throws(Damage) -> String? {
        let header = try header()
        let start = place + UInt64(TarHeader.byteCount)
        guard
            header.name == leaf.name, header.size <= RecordingBound.entry.limit,
            size == start + TarHeader.padded(header.size) + UInt64(TarHeader.endBytes)
        else { throw Damage("the file does not end after the entry \(leaf.name)") }
        // The whole file is one frame's content: the same reader, the same strictness.
        let members = try expectedMembers(entry: leaf, size: header.size)
        var check = FrameCheck(ExpectedFrame(bytes: 0..<size, members: members, endsArchive: true))
        var offset: UInt64 = 0
        while offset < size {
            let piece = try read(Int(min(UInt64(Self.pieceBytes), size - offset)), at: offset)
            guard !piece.isEmpty else { throw Damage("the file ends while it is read") }
            offset += UInt64(piece.count)
            var result: Result<Void, Damage> = .success(())
            piece.withUnsafeBytes { bytes in
                result = Result { () throws(Damage) in try check.receive(bytes) }
            }
            try result.get()
        }
        try check.finish()
        return check.verdicts.compactMap(\.self).first
    }

    /// The members as their headers tell of them, the small ones with the hash that they have.
    private func expectedMembers(entry: MemberHash, size entryBytes: UInt64) throws(Damage) -> [ExpectedMember] {
        var walk = self
        walk.place = 0
        var members: [ExpectedMember] = []
        while case let header = try walk.header(), header.name != entry.name {
            let hash = hexadecimal(sha256(try walk.member(header.name)))
            members.append(ExpectedMember(name: header.name, hash: hash, size: header.size))
        }
        return members + [ExpectedMember(name: entry.name, hash: entry.hash, size: entryBytes, isEntry: true)]
    }

    private func read(_ count: Int, at offset: UInt64) throws(Damage) -> [UInt8] {
        do throws(SystemError) {
            return try file.read(count, at: offset)
        } catch {
            throw Damage(error)
        }
    }
}
