import PSRunTestSupport
import Recording
import RecordingFormat
import Testing

/// A sealed run needs no psrun: Debian's own tools read and check it.
@Suite struct SealedArchiveTests {
    @Test("Stock tools read and check the archive")
    func stockToolsReadAndCheckTheArchive() async throws {
        let folder = try TemporaryFolder()
        let targets = (0..<40).map { "root@web\($0).example.org:22" }
        let run = try await SampleRun.sealed(in: folder.path, targets: targets)
        #expect(run.entries == 40)

        let listing = try await shell("tar --zstd -tf run.tar.zst", in: run.folder)
        let members = listing.output.split(separator: "\n").map(String.init)
        #expect(listing.ending == .exited(0), "\(listing.errors)")
        #expect(members.count == 43)
        #expect(members.first == "00001-root@web0.example.org_22.cast")
        #expect(members.suffix(3) == ["playbook.ps1", "index.tsv", "SHA256SUMS"])

        let check = try await shell(
            "zstd -qt run.tar.zst && mkdir out && tar --zstd -C out -xf run.tar.zst && cd out && sha256sum -c SHA256SUMS",
            in: run.folder
        )
        #expect(check.ending == .exited(0), "\(check.errors)")
        #expect(check.output.split(separator: "\n").count == 42)
        #expect(try await shell("sha256sum run.tar.zst", in: run.folder).output.hasPrefix(run.archiveHash))
        #expect(try await shell("sha256sum manifest.json", in: run.folder).output.hasPrefix(run.manifestHash))
        #expect(try await shell("ls -A", in: run.folder).output == "manifest.json\nout\nrun.tar.zst\n")
    }

    @Test("However much of one letter is recorded, no archive expands further than a reader takes without a signature")
    func noArchiveIsTooDense() async throws {
        let folder = try TemporaryFolder()
        let recorder = try await RunRecorder.create(
            in: folder.path,
            run: SampleRun.description(targets: ["host"]),
            suffix: "3fa91c"
        )
        recorder.begin(0, SampleRun.header("host"))
        let piece = String(repeating: "a", count: 9 << 20)
        for number in 0..<4 {
            recorder.record(RecordedEvent(time: UInt64(number), code: .output, data: piece), in: 0)
            try await recorder.commit()
        }
        recorder.record(SampleRun.exit("host", at: 9), in: 0)
        recorder.finish(0)
        let run = try await recorder.seal(exitCode: 0)
        let recording = try SealedRecording(folder: run.folder)
        let entry = try #require(recording.entries.first)
        #expect(entry.length > 36 << 20)
        #expect(entry.length / recording.manifest.archiveBytes < RecordingBound.timesExpansion.limit)
        try recording.check(entry)
        #expect(try await shell("zstd -qt run.tar.zst", in: run.folder).ending == .exited(0))
    }

    @Test("What was recorded just before the seal is in the archive")
    func whatWasRecordedJustBeforeTheSealIsInTheArchive() async throws {
        let folder = try TemporaryFolder()
        for round in 0..<30 {
            let run = try await SampleRun.sealed(in: "\(folder.path)/\(round)", targets: ["host"])
            let recording = try SealedRecording(folder: run.folder)
            var lines = 0
            try recording.forEachLine(of: recording.entries[0]) { _, _ in
                lines += 1
                return true
            }
            #expect(lines == 15, "round \(round)")
        }
    }

    @Test("The index leads to one target without reading the others")
    func theIndexLeadsToOneTargetWithoutTheOthers() async throws {
        let folder = try TemporaryFolder()
        let targets = (0..<40).map { "host\($0)" }
        let run = try await SampleRun.sealed(in: folder.path, targets: targets)
        let script = """
            tar --zstd -xOf run.tar.zst index.tsv | awk -F'\\t' '$7 == "host33" { print $2, $3, $6 }' | {
            read -r offset length name
            tail -c +$((offset + 1)) run.tar.zst | head -c "$length" | zstd -dq | tar -xO "$name" 2>/dev/null
            }
            """
        let entry = try await shell(script, in: run.folder)
        #expect(entry.output.contains("host33 says 3"))
        let lines = entry.output.split(separator: "\n")
        #expect(lines.count == 15)
    }

    @Test("Each entry ends with the hash of all bytes before")
    func eachEntryEndsWithTheHashOfAllBytesBefore() async throws {
        let folder = try TemporaryFolder()
        let run = try await SampleRun.sealed(in: folder.path, targets: ["host"])
        let script = """
            tar --zstd -xf run.tar.zst 00001-host.cast
            head -n -1 00001-host.cast | sha256sum | cut -c1-64
            tail -n 1 00001-host.cast | cut -d'"' -f4
            """
        let hashes = try await shell(script, in: run.folder).output.split(separator: "\n")
        #expect(hashes.count == 2)
        #expect(hashes.first == hashes.last)
    }

    @Test("The last frame holds the index and the hashes alone: whatever else is put there is not even read")
    func theLastFrameHoldsNothingElse() async throws {
        let folder = try TemporaryFolder()
        let run = try await SampleRun.sealed(in: folder.path, targets: ["host"])
        let name = String(run.folder.dropFirst(folder.path.count + 1))
        let archive = try contents(of: "\(run.folder)/run.tar.zst")
        let trailer = try #require(ArchiveTrailer(Array(archive.suffix(ArchiveTrailer.byteCount))))
        let start = Int(trailer.offset)
        try folder.write(Array(archive[start..<start + Int(trailer.length)]), to: "last.zst")
        for extra in ["junk", "index.tsv"] {
            let made = try await shell(
                "zstd -qdcf last.zst >last.tar && echo more >\(extra) && tar --format=ustar -cf extra.tar \(extra) && "
                    + "head -c 1024 extra.tar | cat - last.tar | zstd -qcf - >new.zst",
                in: folder.path
            )
            #expect(made.ending == .exited(0), "\(made)")
            let frame = try contents(of: folder.path(of: "new.zst"))
            let changed = ArchiveTrailer(offset: trailer.offset, length: UInt64(frame.count))
            let whole = archive[..<start] + frame + changed.bytes
            var manifest = try #require(Manifest(try contents(of: "\(run.folder)/manifest.json")))
            manifest.archiveBytes = UInt64(whole.count)
            try folder.write(Array(whole), to: "\(name)/run.tar.zst")
            try folder.write(manifest.encoded, to: "\(name)/manifest.json")
            #expect {
                _ = try SealedRecording(folder: run.folder)
            } throws: { ($0 as? RecordingError)?.code == .damaged }
        }
    }

    @Test("Files of a recording are readable by their owner only")
    func filesAreForTheirOwnerOnly() async throws {
        let folder = try TemporaryFolder()
        let run = try await SampleRun.sealed(in: "\(folder.path)/a/b", targets: ["host"])
        let modes = try await shell("stat -c %a . .. ../.. manifest.json run.tar.zst", in: run.folder)
        #expect(modes.output == "700\n700\n700\n600\n600\n")
        #expect(run.folder.hasSuffix("/20261122T020000Z-nightly-3fa91c"))
    }

    @Test("asciinema plays an entry")
    func asciinemaPlaysAnEntry() async throws {
        let folder = try TemporaryFolder()
        let run = try await SampleRun.sealed(in: folder.path, targets: ["host"])
        let script = """
            tar --zstd -xf run.tar.zst 00001-host.cast
            script -qec 'asciinema cat 00001-host.cast' /dev/null </dev/null
            script -qec 'asciinema play -i 0.01 00001-host.cast' /dev/null </dev/null
            """
        let played = try await shell(script, in: run.folder)
        #expect(played.ending == .exited(0))
        #expect(played.output.components(of: "host says 1") == 2, "\(played.output)")
        #expect(played.output.components(of: "host says 3") == 2, "\(played.output)")
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func components(of text: String) -> Int {
        var count = 0
        var rest = self[...]
        while let range = rest.firstRange(of: text) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
