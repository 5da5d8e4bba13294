import Files
import Glibc
import Recording
import RecordingFormat
import SystemErrors

/// Checks one run's folder: manifest, signature, archive or tombstone, and its place in the chain.
struct RunAudit {
    /// A manifest has the same few members for any run; a signature and a tombstone are smaller still.
    private static let mostBytes = RecordingBound.manifest.limit

    let folder: String
    let signatures: SignatureCheck
    /// nil where there is no chain to compare with.
    let chain: ChainSurvey?
    /// What it means that psrun is still writing the run.
    private let levelOfRunning: Finding.Level
    private var audited: AuditedRun

    private init(folder: String, signatures: SignatureCheck, chain: ChainSurvey?, isNamed: Bool) {
        self.folder = folder
        self.signatures = signatures
        self.chain = chain
        levelOfRunning = isNamed ? .incomplete : .note
        audited = AuditedRun(FilePaths.name(of: folder), .damaged)
    }

    /// - Parameter isNamed: whether it was asked for by name: where it is still being written, nothing of it is proved.
    static func of(_ folder: String, signatures: SignatureCheck, chain: ChainSurvey?, isNamed: Bool) -> AuditedRun {
        var audit = RunAudit(folder: folder, signatures: signatures, chain: chain, isNamed: isNamed)
        audit.run()
        return audit.audited
    }

    private mutating func run() {
        guard RunName.isFolder(audited.run) else {
            return audited.add(.runOutsideChain, .problem, nil, "a run's folder never has such a name")
        }
        guard !FilePaths.isLink(folder) else {
            return audited.add(.runOutsideChain, .problem, nil, "it is a link, and not a run's folder")
        }
        guard let bytes = read(RecordedFiles.manifest) else { return checkUnsealed() }
        guard let manifest = Manifest(bytes) else {
            return audited.add(
                .manifestInvalid,
                .problem,
                RecordedFiles.manifest,
                "it is not a manifest of format version 1"
            )
        }
        audited.state = manifest.recovered ? .recovered : .sealed
        audited.entries = manifest.entries
        audited.continuedRun = manifest.continued?.run
        if manifest.run != audited.run {
            audited.add(.manifestInvalid, .problem, RecordedFiles.manifest, "it is the manifest of \(manifest.run)")
        }
        let (status, finding) = signatures.verdict(
            read(RecordedFiles.manifestSignature),
            of: bytes,
            at: manifest.endedSeconds,
            run: audited.run,
            member: RecordedFiles.manifest
        )
        audited.signature = status
        if let finding { audited.findings.append(finding) }
        checkLink(manifest, hash: hexadecimal(sha256(bytes)))
        checkContinued(manifest)
        if manifest.recovered {
            audited.add(.runRecovered, .incomplete, nil, "psrun was killed; this is what its journal held")
        }
        if chain?.prunes[audited.run] != nil || exists(RecordedFiles.tombstone) {
            checkTombstone(manifest, manifestHash: hexadecimal(sha256(bytes)))
        } else {
            checkArchive(manifest, isVouched: status.map(\.isTrusted) ?? false)
        }
        noteUnknownFiles()
    }

    private mutating func checkArchive(_ manifest: Manifest, isVouched: Bool) {
        let check = ArchiveCheck.of(folder, manifest, isVouched: isVouched)
        audited.findings += check.findings
        audited.goodEntries = check.goodEntries
    }

    // MARK: The chain

    private mutating func checkLink(_ manifest: Manifest, hash: String) {
        guard let chain else { return }
        guard let link = chain.runs[audited.run] else {
            return audited.add(.runOutsideChain, .problem, nil, "no line of chain.log records its seal")
        }
        let number = link.line.number
        if link.line.event.value != hash {
            audited.add(
                .chainLink,
                .problem,
                RecordedFiles.manifest,
                "line \(number) of chain.log names another manifest"
            )
        }
        if link.line.previous != manifest.chainHead {
            audited.add(
                .chainLink,
                .problem,
                RecordedFiles.manifest,
                "it was sealed after another line of the chain than the one before line \(number)"
            )
        }
        if link.previous != manifest.previous {
            let named = manifest.previous.map(\.run) ?? "none"
            audited.add(
                .chainLink,
                .problem,
                RecordedFiles.manifest,
                "the run before it is \(named); chain.log has \(link.previous.map(\.run) ?? "none") there"
            )
        }
    }

    /// The run that it continues: which lines ran before is read in that one.
    private mutating func checkContinued(_ manifest: Manifest) {
        guard let chain, let continued = manifest.continued else { return }
        guard let link = chain.runs[continued.run] else {
            return audited.add(
                .continuedLink,
                .note,
                RecordedFiles.manifest,
                "it continues \(continued.run), which chain.log does not seal: that run is not here to be compared"
            )
        }
        let number = link.line.number
        if link.line.event.value != continued.manifestHash {
            audited.add(
                .continuedLink,
                .problem,
                RecordedFiles.manifest,
                "it continues another \(continued.run) than the one that line \(number) of chain.log seals"
            )
        } else if let own = chain.runs[audited.run]?.line.number, own <= number {
            audited.add(
                .continuedLink,
                .problem,
                RecordedFiles.manifest,
                "it continues \(continued.run), which was sealed after it"
            )
        }
    }

    // MARK: What was pruned

    private mutating func checkTombstone(_ manifest: Manifest, manifestHash: String) {
        audited.state = .pruned
        let name = RecordedFiles.tombstone
        if !exists(name), let part = read(RecordedFiles.tombstonePart),
            hexadecimal(sha256(part)) == chain?.prunes[audited.run]?.line.event.value
        {
            let message = "psrun was killed while it pruned the run; `psrun prune` finishes that"
            return audited.add(.runUnsealed, .incomplete, RecordedFiles.tombstonePart, message)
        }
        guard let bytes = read(name), let tombstone = Tombstone(bytes) else {
            return audited.add(
                .tombstoneInvalid,
                .problem,
                name,
                "the chain says that the run was pruned, but its tombstone is missing or unreadable"
            )
        }
        if tombstone.run != audited.run || tombstone.manifestHash != manifestHash {
            audited.add(.tombstoneInvalid, .problem, name, "it is the tombstone of another run")
        }
        // Whoever prunes too early may write any date.
        if let until = manifest.retainUntilSeconds, min(tombstone.prunedSeconds, Int64(time(nil))) < until {
            let date = UTCTime(secondsSince1970: until).extended
            audited.add(.tombstoneInvalid, .problem, name, "the run was to be kept until \(date)")
        }
        if exists(RecordedFiles.archive) { checkBuriedArchive(manifest) }
        let (_, finding) = signatures.verdict(
            read(RecordedFiles.tombstoneSignature),
            of: bytes,
            at: tombstone.prunedSeconds,
            run: audited.run,
            member: name
        )
        if let finding { audited.findings.append(finding) }
        guard let chain else { return }
        let link = chain.prunes[audited.run]
        if link?.line.event.value != hexadecimal(sha256(bytes)) || link?.line.previous != tombstone.chainHead {
            audited.add(.tombstoneInvalid, .problem, name, "no line of chain.log records this tombstone")
        }
    }

    /// A prune that was cut off leaves the archive as it was sealed, and the next one removes it. Any other is somebody's.
    private mutating func checkBuriedArchive(_ manifest: Manifest) {
        let check = ArchiveCheck.of(folder, manifest, isVouched: audited.signature?.isTrusted ?? false)
        guard check.findings.isEmpty, chain == nil || chain?.prunes[audited.run] != nil else {
            let message = "the run was pruned, but an archive is here, and it is not the one that was sealed"
            return audited.add(.tombstoneInvalid, .problem, RecordedFiles.archive, message)
        }
        let message = "the run was pruned, but its archive is still here: the next `psrun prune` removes it"
        audited.add(.runUnsealed, .incomplete, RecordedFiles.archive, message)
    }

    // MARK: What was not sealed

    private mutating func checkUnsealed() {
        let link = chain?.runs[audited.run]
        switch RecordedRun(folder: folder).state {
        case .running where link == nil:
            audited.state = .running
            audited.add(
                .runUnsealed,
                levelOfRunning,
                RecordedFiles.journal,
                "the run is under way: nothing is sealed yet"
            )
        case .killed where link == nil:
            audited.state = .killed
            audited.add(
                .runUnsealed,
                .incomplete,
                RecordedFiles.journal,
                "psrun was killed before it sealed the run; `psrun recover \(audited.run)` seals it"
            )
        case .unreadable:
            audited.state = .unreadable
            guard audited.findings.isEmpty else { return }
            audited.add(.fileUnreadable, .problem, RecordedFiles.journal, "this user may not read it")
        case .running, .killed, .damaged, .sealed, .pruned:
            guard let link else {
                return audited.add(
                    .fileMissing,
                    .problem,
                    RecordedFiles.manifest,
                    "there is an archive without a manifest"
                )
            }
            checkCutSeal(link)
        }
    }

    /// psrun was killed between the chain's line and the manifest's name; or somebody took the manifest away.
    private mutating func checkCutSeal(_ link: ChainSurvey.Link) {
        if let part = read(RecordedFiles.manifestPart), hexadecimal(sha256(part)) == link.line.event.value {
            if RecordedRun(folder: folder).isRunning {
                audited.state = .running
                let message = "the run is under way: it is just being sealed"
                return audited.add(.runUnsealed, levelOfRunning, RecordedFiles.journal, message)
            }
            audited.state = .killed
            return audited.add(
                .runUnsealed,
                .incomplete,
                RecordedFiles.manifestPart,
                "psrun was killed while it sealed the run; `psrun recover \(audited.run)` finishes that"
            )
        }
        audited.state = .missing
        audited.add(
            .runMissing,
            .problem,
            RecordedFiles.manifest,
            "line \(link.line.number) of chain.log says that it was sealed, but its manifest is not here"
        )
    }

    // MARK: Files

    private mutating func noteUnknownFiles() {
        let known: Set = [
            RecordedFiles.archive, RecordedFiles.manifest, RecordedFiles.manifestSignature, RecordedFiles.tombstone,
            RecordedFiles.tombstoneSignature,
        ]
        for name in (try? FilePaths.names(in: folder)) ?? [] where !known.contains(name) {
            audited.add(.fileUnknown, .note, name, "it is not part of a sealed run: nothing is known about it")
        }
    }

    private func exists(_ name: String) -> Bool {
        FilePaths.exists("\(folder)/\(name)")
    }

    /// A small file's bytes; nil where it is not there, and where it is nothing that can be read.
    private mutating func read(_ name: String) -> [UInt8]? {
        do throws(SystemError) {
            let file = try File("\(folder)/\(name)", O_RDONLY)
            guard try file.size <= Self.mostBytes else {
                audited.add(.fileUnreadable, .problem, name, "it is too large for such a file")
                return nil
            }
            return try file.read(Int(Self.mostBytes) + 1, at: 0)
        } catch {
            if error.code != ENOENT { audited.add(.fileUnreadable, .problem, name, error.text) }
            return nil
        }
    }
}

extension SignatureStatus {
    /// Whether it is of somebody whose signature counts.
    package var isTrusted: Bool {
        if case .trusted = self { true } else { false }
    }
}
