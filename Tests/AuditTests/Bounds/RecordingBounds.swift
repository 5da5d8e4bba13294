import Audit
import CZstd
import Files
import Glibc
import PSRunTestSupport
import Recording
import RecordingFormat
import Testing

/// What reading a recording says where one of its bounds is passed by one.
enum RecordingBounds {
    private static let run = "20261122T020000Z-nightly-3fa922"

    /// A folder with one sealed run, its files in the hands of `change`.
    private static func folder(
        forge change: (inout ArchiveForge) throws -> Void = { _ in },
        files: (inout StoreImage) throws -> Void = { _ in }
    ) async throws -> TemporaryFolder {
        var (night, forge) = try await RecordedNight.make(day: 22, targets: ["a"])
        try change(&forge)
        let made = forge.make(for: night.manifest)
        night = Night(manifest: made.manifest, archive: made.archive)
        var image = try StoreForge().make([.seal(night)]).image
        try files(&image)
        let folder = try TemporaryFolder()
        try StoreImage.change(folder, from: StoreImage(), to: image)
        return folder
    }

    /// What `verify` finds, by code.
    private static func findings(_ folder: TemporaryFolder) throws -> Set<String> {
        let signatures = SignatureCheck(isRequired: false, signers: nil, environment: ChildProgram.environment())
        let audit = try StoreAudit.of(StoreAudit.Request(folder: folder.path, heads: [], signatures: signatures))
        return Set(audit.allFindings.filter { $0.level == .problem }.map(\.code.rawValue))
    }

    private static func code(_ body: () throws -> Void) -> Set<String> {
        do { try body() } catch { return [(error as? RecordingError)?.code.rawValue ?? "\(error)"] }
        return []
    }

    /// Makes a file `limit` and one byte long, all of it zeros.
    private static func grow(_ name: String, in folder: TemporaryFolder, to limit: UInt64) throws {
        let path = folder.path(of: name)
        if !FilePaths.exists(path) { try folder.write("", to: name, mode: 0o600) }
        #expect(truncate(path, off_t(limit) + 1) == 0)
    }

    /// The codes of what is said.
    static func codes(passing bound: RecordingBound) async throws -> Set<String> {
        switch bound {
        case .manifest, .tombstone, .signature: try await smallFile(bound)
        case .chain, .chainLine, .chainNumber: try await chain(bound)
        case .index, .indexDigits, .entries, .entry, .entryHeader, .entryLine, .entryEnd, .entryTime, .window,
            .freeExpansion, .timesExpansion:
            try await archive(bound)
        case .journalPayload, .journalBlock: journal(bound)
        case .depth, .heads, .proofMember, .chainWait, .keygenWait, .logWait, .settling: try await other(bound)
        }
    }

    private static func smallFile(_ bound: RecordingBound) async throws -> Set<String> {
        let folder = try await folder()
        let path = folder.path(of: run)
        switch bound {
        case .manifest:
            try grow("\(run)/manifest.json", in: folder, to: bound.limit)
            return try findings(folder).subtracting(["RunMissing"])
                .union(code { _ = try SealedRecording(folder: path) })
        case .tombstone:
            try grow("\(run)/tombstone.json", in: folder, to: bound.limit)
            #expect(RecordedRun(folder: path).state == .damaged)
            return try findings(folder).subtracting(["TombstoneInvalid"])
        default:
            let recording = try SealedRecording(folder: path)
            try grow("\(run)/manifest.json.sig", in: folder, to: bound.limit)
            let made = code { _ = try ProofMaker(recording.entries[0], of: recording, in: path) }
            return try findings(folder).union(made)
        }
    }

    private static func chain(_ bound: RecordingBound) async throws -> Set<String> {
        let folder = try await folder(files: { image in
            switch bound {
            case .chainLine: image["chain.log"] += [UInt8](repeating: 0x61, count: bound.bytes + 1) + [0x0A]
            case .chainNumber:
                var tail = try #require(ChainTail(image["chain.log"], isWhole: true, hash: sha256))
                let hash = Chain.emptyHead
                let event = ChainEvent(seconds: 0, kind: .access, run: run, value: hash, who: "a", what: "b")
                var line = tail.line(for: event)
                line.number = bound.bytes
                #expect(ChainLine(line.encoded[...]) != nil)
                line.number += 1
                image["chain.log"] += line.encoded + [0x0A]
                tail.append(line, hash: sha256)
            default: break
            }
        })
        guard bound == .chain else { return try findings(folder) }
        try grow("chain.log", in: folder, to: bound.limit)
        return code { _ = try RunChain.read(in: folder.path) }
            .union(code { try RunChain.append([], in: folder.path) })
    }

    private static func archive(_ bound: RecordingBound) async throws -> Set<String> {
        switch bound {
        case .freeExpansion, .timesExpansion:
            let size = bound == .freeExpansion ? 1 : 1 << 40
            let most = bound == .freeExpansion ? bound.limit : bound.limit << 40
            #expect(ArchiveExpansion.isAllowed(most, of: UInt64(size)))
            #expect(!ArchiveExpansion.isAllowed(most + 1, of: UInt64(size)))
            // A zero more in the entry is one more than is free.
            let text = [UInt8](repeating: 0, count: RecordingBound.freeExpansion.bytes - TarHeader.byteCount + 1)
            let folder = try await folder { $0.entries[0].text = text }
            return try findings(folder).union(code { _ = try SealedRecording(folder: folder.path(of: run)) })
        case .entryLine:
            // Half a gigabyte of text is more than a test has time for: the longest line is one too long.
            let folder = try await folder()
            let path = folder.path(of: run)
            let entry = try SealedRecording(folder: path).entries[0]
            var longest = 0
            try SealedRecording(folder: path).forEachLine(of: entry) { line, _ in
                longest = max(longest, line.count)
                return true
            }
            func read(_ most: Int) throws(RecordingError) {
                try SealedRecording(folder: path, longestLine: most).forEachLine(of: entry) { _, _ in true }
            }
            #expect(code { try read(longest) }.isEmpty)
            return code { try read(longest - 1) }
        case .indexDigits, .entries, .entry:
            let number = bound == .indexDigits ? String(repeating: "9", count: bound.bytes + 1) : "\(bound.limit + 1)"
            let line =
                bound == .entries ? "\(number)\t0\t1\t512\t0\tx\ty\n" : "1\t0\t1\t512\t\(number)\t00001-a.cast\ta\n"
            let folder = try await folder { $0.index.bytes = Array(line.utf8) }
            return try findings(folder).union(code { _ = try SealedRecording(folder: folder.path(of: run)) })
        case .index:
            let folder = try await folder { forge in
                forge.index.bytes = []
            } files: { image in
                let header = TarHeader(name: RunName.indexMember, size: bound.limit + 1, modified: 0).bytes
                let frame = ArchiveForge.frame(header)
                let archive = frame + ArchiveTrailer(offset: 0, length: UInt64(frame.count)).bytes
                image["\(run)/run.tar.zst"] = archive
            }
            return try findings(folder).subtracting(["ArchiveAltered"])
        case .window: return try await window(bound)
        default: return try await entry(bound)
        }
    }

    private static func entry(_ bound: RecordingBound) async throws -> Set<String> {
        let folder = try await folder { forge in
            let text = forge.entries[0].text
            let header = Array(text.prefix { $0 != 0x0A })
            var lines = Array(text.dropFirst(header.count + 1))
            lines.removeLast(lines.count - (lines.dropLast().lastIndex(of: 0x0A) ?? 0) - 1)
            var own: [UInt8]
            switch bound {
            case .entryHeader:
                // Blanks at its end are as good JSON.
                own = header + [UInt8](repeating: 0x20, count: bound.bytes + 1 - header.count) + [0x0A] + lines
            case .entryEnd:
                let lead = Array(#"[2.000000, "X", "{\"target\":\"a\",\"outcome\":\"ok\",\"x\":\""#.utf8)
                let more = [UInt8](repeating: 0x61, count: bound.bytes + 1 - lead.count)
                own = header + [0x0A] + lines + lead + more + Array("\\\"}\"]\n".utf8)
            default: own = header + [0x0A] + lines + Array("[\(bound.limit).0, \"o\", \"late\"]\n".utf8)
            }
            let hash = hexadecimal(sha256(own))
            CastEncoder.append(time: 3_000_000_000, code: .hash, text: hash.utf8, to: &own)
            forge.entries[0].text = own
        }
        guard bound == .entryTime else { return try findings(folder) }
        let recording = try SealedRecording(folder: folder.path(of: run))
        return code {
            try recording.forEachLine(of: recording.entries[0]) { line, number throws(RecordingError) in
                do throws(CastError) { _ = try CastLine(decoding: line, number: number) } catch {
                    throw recording.damage(error, in: recording.entries[0])
                }
                return true
            }
        }
    }

    /// A frame that asks for twice the window.
    private static func window(_ bound: RecordingBound) async throws -> Set<String> {
        let folder = try await folder { forge in
            var text = forge.member(forge.entries[0].name, forge.entries[0].text)
            text += [UInt8](repeating: 0, count: 512)
            forge.frames.middle = try #require(streamed(text, windowLog: Int32(bound.limit.trailingZeroBitCount) + 1))
        }
        return try findings(folder)
    }

    private static func streamed(_ text: [UInt8], windowLog: Int32) -> [UInt8]? {
        guard let context = ZSTD_createCCtx() else { return nil }
        defer { ZSTD_freeCCtx(context) }
        ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, windowLog)
        var made = [UInt8](repeating: 0, count: 1 << 20)
        let count = made.withUnsafeMutableBytes { room in
            text.withUnsafeBytes { bytes in
                var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
                var output = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
                _ = ZSTD_compressStream2(context, &output, &input, ZSTD_e_continue)
                _ = ZSTD_compressStream2(context, &output, &input, ZSTD_e_end)
                return output.pos
            }
        }
        return Array(made.prefix(count))
    }

    private static func journal(_ bound: RecordingBound) -> Set<String> {
        var encoder = JournalEncoder(hash: sha256)
        let payload = [UInt8](repeating: 0x61, count: 100)
        encoder.append(JournalRecord(entry: nil, time: 0, kind: .run, payload: payload[...]))
        var bytes = encoder.closeBlock(time: 0)
        let length = bytes.count
        var reader = JournalReader(hash: sha256, longestBlock: bound == .journalBlock ? length - 1 : length)
        if bound == .journalPayload {
            let most = UInt32(bound.limit) + 1
            bytes.replaceSubrange(16..<20, with: (0..<4).map { UInt8(truncatingIfNeeded: most >> (8 * $0)) })
            reader = JournalReader(hash: sha256)
        }
        reader.receive(bytes)
        #expect(reader.nextBlock() == nil && reader.failure == .badRecord)
        return ["RecordingDamaged"]
    }

    private static func other(_ bound: RecordingBound) async throws -> Set<String> {
        let folder = try await folder()
        switch bound {
        case .depth:
            func nested(_ count: Int) -> [UInt8] {
                [UInt8](repeating: 0x5B, count: count) + [UInt8](repeating: 0x5D, count: count)
            }
            #expect(throws: Never.self) { try JSONValue(parsing: nested(bound.bytes)) }
            #expect(throws: JSONError.self) { try JSONValue(parsing: nested(bound.bytes + 1)) }
            return ["RecordingDamaged"]
        case .heads:
            try grow("heads", in: folder, to: bound.limit)
            return code { _ = try Heads(file: folder.path(of: "heads")) }
        case .proofMember:
            let proof = TarHeader(name: "manifest.json", size: bound.limit + 1, modified: 0).bytes
            let path = try folder.write(proof + [UInt8](repeating: 0x61, count: bound.bytes + 1), to: "a.proof.tar")
            let signatures = SignatureCheck(isRequired: false, signers: nil, environment: [:])
            var request = StoreAudit.Request(folder: folder.path, runs: [], signatures: signatures)
            request.proofs = [path]
            return Set(try StoreAudit.of(request).allFindings.map(\.code.rawValue))
        case .chainWait:
            let holder = try File(folder.path(of: "chain.log"), O_RDWR)
            #expect(try holder.lock())
            defer { withExtendedLifetime(holder) {} }
            return code { try RunChain.append([], in: folder.path, patience: 20) }
        case .keygenWait:
            let keys = try await SigningKeys()
            let key = SSHSigningKey(file: keys.privateKey, environment: keys.environment, patience: 0)
            return code { _ = try key.sign([]) }
        case .logWait:
            let path = folder.path(of: "log")
            let full = try FullLog(path)
            defer { withExtendedLifetime(full) {} }
            let head = try RunChain.append([], in: folder.path)
            return code { try SystemLog(socketPath: path).write(head, run: run, patience: 20) }
        default:
            // A run that is wrong, and a chain that somebody holds: after this long it is told as it is.
            unlink(folder.path(of: "\(run)/run.tar.zst"))
            let holder = try File(folder.path(of: "chain.log"), O_RDWR)
            #expect(try holder.lock())
            defer { withExtendedLifetime(holder) {} }
            let delay = SchedulingDelay()
            let began = ContinuousClock.now
            #expect(try findings(folder) == ["FileMissing"])
            let took = ContinuousClock.now - began
            let late = await delay.end()
            #expect(took >= .milliseconds(bound.limit / 2) && took < .milliseconds(4 * bound.limit) + late * 4)
            return []
        }
    }
}

/// A system's log that is full and takes nothing.
private final class FullLog {
    private let sockets: [Int32]

    init(_ path: String) throws {
        let address = try #require(UnixAddress(path))
        let kind = Int32(SOCK_DGRAM.rawValue)
        let (log, writer) = (socket(AF_UNIX, kind, 0), socket(AF_UNIX, kind | Int32(SOCK_NONBLOCK.rawValue), 0))
        sockets = [log, writer]
        #expect(address.withPointer { bind(log, $0, $1) } == 0)
        #expect(address.withPointer { connect(writer, $0, $1) } == 0)
        for _ in 0..<100_000 where send(writer, "x", 1, 0) == 1 { continue }
    }

    deinit {
        for socket in sockets { close(socket) }
    }
}
