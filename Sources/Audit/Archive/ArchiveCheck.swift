import Files
import Glibc
import Recording
import RecordingFormat
import SystemErrors
import Threads

/// What became of an archive when all of it was compared with its manifest.
struct ArchiveCheck: Sendable {
    var findings: [Finding] = []
    /// Entries whose every byte is what was sealed.
    var goodEntries = 0

    /// Reads all of `run.tar.zst` in a run's folder.
    /// - Parameter isVouched: whether a signature that counts is on the manifest.
    static func of(_ folder: String, _ manifest: Manifest, isVouched: Bool) -> ArchiveCheck {
        var check = ArchiveCheck()
        do throws(Damage) {
            try check.read(folder, manifest, isVouched: isVouched)
        } catch {
            check.add(.archiveLayout, manifest.run, RecordedFiles.archive, error.message)
        }
        return check
    }

    private mutating func add(_ code: Finding.Code, _ run: String, _ member: String, _ message: String) {
        findings.append(Finding(code, run: run, member: member, message))
    }

    private mutating func read(_ folder: String, _ manifest: Manifest, isVouched: Bool) throws(Damage) {
        let run = manifest.run
        let file: File
        let size: UInt64
        do throws(SystemError) {
            file = try File("\(folder)/\(RecordedFiles.archive)", O_RDONLY)
            size = try file.size
        } catch {
            let code: Finding.Code = error.code == ENOENT ? .fileMissing : .fileUnreadable
            return add(code, run, RecordedFiles.archive, error.text)
        }
        if size != manifest.archiveBytes {
            add(
                .archiveAltered,
                run,
                RecordedFiles.archive,
                "it has \(size) bytes; \(manifest.archiveBytes) were sealed"
            )
        }
        let tail = try ArchiveTail(file, size: size, sealed: manifest.archiveBytes)
        for (member, code, hash) in [
            (tail.index, Finding.Code.indexAltered, manifest.indexHash), (tail.sums, .sumsAltered, manifest.sumsHash),
        ] where hexadecimal(sha256(member.bytes)) != hash {
            add(
                code,
                run,
                member.name,
                "it is not the one that the manifest names, and no entry can be proved without it"
            )
        }
        let tailBytes = tail.trailer.length + UInt64(ArchiveTrailer.byteCount)
        let (end, overflow) = tail.trailer.offset.addingReportingOverflow(tailBytes)
        guard !overflow, end == manifest.archiveBytes else {
            throw Damage("its trailer does not point to the frame before it")
        }
        guard !findings.contains(where: { [.indexAltered, .sumsAltered].contains($0.code) }) else { return }
        let lines = tail.index.bytes.count { $0 == 0x0A }
        guard lines == manifest.entries else {
            throw Damage("index.tsv has \(lines) entries; the manifest says \(manifest.entries)")
        }
        guard isVouched || ArchiveExpansion.isAllowed(UInt64(lines) * UInt64(TarHeader.byteCount), of: size) else {
            throw Damage("it would expand to \(lines) entries, and no allowed signer vouches for that")
        }
        let index = try tail.decodedIndex()
        let sums = try tail.decodedSums()
        let map = try ArchiveMap(index: index, sums: sums, tail: tail.trailer)
        guard sums.suffix(2).map(\.hash) == [manifest.playbookHash, manifest.indexHash] else {
            throw Damage("SHA256SUMS names another playbook or index than the manifest")
        }
        if Array(sums.dropLast(2)).merkleRoot(hash: sha256) != manifest.merkleRoot {
            add(.merkleRoot, run, RecordedFiles.manifest, "its Merkle root is not that of the entries in SHA256SUMS")
        }
        let expanded = ArchiveExpansion.bytes(index.lazy.map { ($0.frameOffset, $0.offset, $0.length) })
        guard isVouched || ArchiveExpansion.isAllowed(expanded, of: size) else {
            throw Damage("it would expand to \(expanded) bytes, and no allowed signer vouches for that")
        }
        compare(
            map,
            in: file,
            shift: Int64(bitPattern: size) - Int64(bitPattern: manifest.archiveBytes),
            manifest
        )
    }

    /// Compares how many targets ended in which way with what the manifest says, where all of them can be read.
    private mutating func compareOutcomes(_ verdicts: [FrameVerdict], _ manifest: Manifest) {
        let ends = verdicts.flatMap(\.outcomes)
        guard verdicts.allSatisfy(\.isGood) else { return }
        guard !ends.contains(where: \.isTooLong) else {
            let message = "an entry's end is too long to be read, so its outcome is not compared with the manifest"
            return add(.outcomesContradict, manifest.run, RecordedFiles.archive, message)
        }
        let counts = Dictionary(ends.map { ($0.outcome.rawValue, 1) }, uniquingKeysWith: +)
        guard counts != manifest.outcomes else { return }
        let message = "it counts \(Self.told(manifest.outcomes)); of the entries, \(Self.told(counts))"
        add(.outcomesContradict, manifest.run, RecordedFiles.manifest, message)
    }

    /// `2 ok, 1 unreachable`.
    private static func told(_ counts: [String: Int]) -> String {
        guard !counts.isEmpty else { return "none" }
        return counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }

    /// Decompresses every frame, and hashes the file beside that.
    private mutating func compare(_ map: ArchiveMap, in file: File, shift: Int64, _ manifest: Manifest) {
        let frames = map.frames
        // A file of another length has another hash, and may have no end in sight.
        let archiveHash = JoinedThread { shift == 0 ? Self.hash(of: file) : "" }
        let verdicts = Workers.map(frames.count, with: ZstdFrameReader.init) { job, reader in
            let verdict = FrameVerdict(frames[job], in: file, reader)
            // Bytes put in or taken out move all that follows them.
            guard !verdict.isGood, shift != 0, let moved = frames[job].moved(by: shift) else { return verdict }
            return verdict.better(FrameVerdict(moved, in: file, reader))
        }
        if archiveHash.value() != manifest.archiveHash {
            add(.archiveAltered, manifest.run, RecordedFiles.archive, "its SHA-256 is not the one in the manifest")
        }
        compareOutcomes(verdicts, manifest)
        for (frame, verdict) in zip(frames, verdicts) {
            if let problem = verdict.frame { add(.archiveLayout, manifest.run, RecordedFiles.archive, problem) }
            for (member, problem) in zip(frame.members, verdict.members) {
                if let problem {
                    add(.memberAltered, manifest.run, member.name, problem)
                } else if member.isEntry {
                    goodEntries += 1
                }
            }
        }
    }

    /// The file's SHA-256, in hexadecimal; empty where it cannot be read.
    private static func hash(of file: File) -> String {
        let hash = SHA256()
        var place: UInt64 = 0
        while let bytes = try? file.read(1 << 20, at: place) {
            guard !bytes.isEmpty else { return hash.hexadecimalDigest() }
            hash.update(bytes)
            place += UInt64(bytes.count)
        }
        return ""
    }
}
