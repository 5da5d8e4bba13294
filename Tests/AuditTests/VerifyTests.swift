import Audit
import Files
import Glibc
import PSRunTestSupport
import Recording
import RecordingFormat
import Testing

/// What `verify` finds, where it says that it is, and what it leaves standing.
@Suite struct VerifyTests {
    /// Three runs in a chain, the second of 40 targets in three frames; unsigned.
    private struct Store {
        let folder: TemporaryFolder
        let nights: [Night]
        let forges: [ArchiveForge]
        let image: StoreImage
        let head: String

        init() async throws {
            var nights: [Night] = []
            var forges: [ArchiveForge] = []
            for (day, count) in [(22, 2), (23, 40), (24, 1)] {
                let (night, forge) = try await RecordedNight.make(day: day, targets: (1...count).map { "web\($0)" })
                nights.append(night)
                forges.append(forge)
            }
            (image, head) = try StoreForge().make(nights.map { .seal($0) })
            (self.nights, self.forges) = (nights, forges)
            folder = try TemporaryFolder()
            try StoreImage.change(folder, from: StoreImage(), to: image)
        }

        /// What is found once the folder is as `change` makes it.
        func audit(
            heads: [String]? = nil,
            requiringSignatures: Bool = false,
            runs: [String]? = nil,
            _ change: (inout StoreImage) throws -> Void = { _ in }
        ) throws -> StoreAudit {
            var changed = image
            try change(&changed)
            try StoreImage.change(folder, from: image, to: changed)
            let audit = try StoreAudit.of(
                StoreAudit.Request(
                    folder: folder.path,
                    runs: runs?.map { folder.path(of: $0) },
                    heads: heads ?? [head],
                    signatures: SignatureCheck(
                        isRequired: requiringSignatures,
                        signers: nil,
                        environment: ChildProgram.environment()
                    )
                )
            )
            try StoreImage.change(folder, from: changed, to: image)
            return audit
        }

        /// The second run in another form, with every hash that nobody signed made to fit.
        func forged(_ change: (inout ArchiveForge) -> Void) throws -> AuditedRun {
            let (image, head) = try forgedImage(change)
            return try audit(heads: [head]) { $0 = image }.runs[1]
        }

        func forgedImage(_ change: (inout ArchiveForge) -> Void) throws -> (image: StoreImage, head: String) {
            var forge = forges[1]
            change(&forge)
            var nights = nights
            (nights[1].archive, nights[1].manifest) = forge.make(for: nights[1].manifest)
            return try StoreForge().make(nights.map { .seal($0) })
        }

        /// What the script says of that.
        func script(_ change: (inout ArchiveForge) -> Void) async throws -> ProgramOutcome {
            let folder = try TemporaryFolder()
            try StoreImage.change(folder, from: StoreImage(), to: try forgedImage(change).image)
            let script = VerifyScript.unsigned(in: folder.path)
            return try await ChildProgram.run(["/bin/sh", "-c", script.text])
        }
    }

    private static func problems(_ findings: [Finding]) -> [Finding.Code] {
        findings.filter { $0.level == .problem }.map(\.code)
    }

    @Test("What is whole is proved, and what is unsigned is said to be so")
    func whatIsWholeIsProvedAndWhatIsUnsignedIsSaid() async throws {
        let store = try await Store()
        let audit = try store.audit()
        #expect(audit.isProved)
        #expect(audit.runs.map(\.goodEntries) == [2, 40, 1])
        #expect(audit.runs.allSatisfy { $0.findings.map(\.code) == [.unsigned] })
        #expect(audit.chain?.lines == 3 && audit.chain?.head == store.head)
        #expect(audit.findings.isEmpty)

        let strict = try store.audit(requiringSignatures: true)
        #expect(Self.problems(strict.allFindings) == [.unsigned, .unsigned, .unsigned])
        let headless = try store.audit(heads: [])
        #expect(headless.isProved && headless.findings.map(\.code) == [.headNotGiven])
        let early = try store.audit(heads: [
            try #require(Manifest(store.image["\(store.nights[2].name)/manifest.json"])).chainHead
        ])
        #expect(early.isProved && early.findings.map(\.code) == [.linesAfterHead])
        let other = try store.audit(heads: [String(repeating: "0a", count: 32)])
        #expect(Self.problems(other.findings) == [.headUnknown])
    }

    @Test("A run that continues another is compared with it: the very run that was sealed before", arguments: 0..<5)
    func continuedRun(kind: Int) async throws {
        let store = try await Store()
        var nights = store.nights
        // The first run's manifest as it is in the chain.
        let first = hexadecimal(sha256(store.image["\(nights[0].name)/manifest.json"]))
        let (which, named, hash): (Int, String, String) =
            switch kind {
            case 0: (1, nights[0].name, first)
            case 1: (1, nights[0].name, String(repeating: "0a", count: 32))
            case 2: (0, nights[1].name, first)
            case 3: (1, nights[1].name, first)
            default: (1, "20261101T020000Z-elsewhere-3fa922", first)
            }
        nights[which].manifest.continued = PreviousRun(run: named, manifestHash: hash)
        let (image, head) = try StoreForge().make(nights.map { .seal($0) })
        let audit = try store.audit(heads: [head]) { $0 = image }
        let found = audit.allFindings.filter { $0.code == .continuedLink }
        #expect(found.map(\.level) == [[], [.problem], [.problem], [.problem], [.note]][kind], "\(found)")
        #expect(Self.problems(audit.allFindings) == found.filter { $0.level == .problem }.map(\.code))
        let folder = try TemporaryFolder()
        try StoreImage.change(folder, from: StoreImage(), to: image)
        let script = try await ChildProgram.run(["/bin/sh", "-c", VerifyScript.unsigned(in: folder.path).text])
        #expect(script.ending == .exited((1...3).contains(kind) ? 1 : 0), "\(script)")
        if (1...3).contains(kind) { #expect(script.errors.contains("continues"), "\(script)") }
    }

    @Test("A damaged frame costs the entries in it and no others")
    func aDamagedFrameCostsItsEntriesAndNoOthers() async throws {
        let store = try await Store()
        let path = "\(store.nights[1].name)/run.tar.zst"
        let edges = MutationBase.frameEdges(of: store.nights[1].archive)
        // Three frames of entries, the playbook's, that of the index, and the trailer.
        #expect(edges.count == 7)
        let flipped = try store.audit { $0[path][edges[1] + 60] ^= 0x10 }.runs[1]
        #expect(flipped.goodEntries ?? 0 >= 24)
        let damaged = Set(flipped.findings.filter { $0.code == .memberAltered }.compactMap(\.member))
        let second = Set((17...32).map { "000\($0)-web\($0).cast" })
        #expect(!damaged.isEmpty && damaged.isSubset(of: second))
        #expect(Self.problems(flipped.findings).contains(.archiveAltered))

        // What is put in, or taken out, moves the rest: it is found where it is now.
        let longer = try store.audit { $0[path].insert(0x55, at: edges[1] + 60) }.runs[1]
        #expect(longer.goodEntries ?? 0 >= 24)
        let shorter = try store.audit { $0[path].removeSubrange(edges[1]..<edges[2]) }.runs[1]
        #expect(shorter.goodEntries == 24)

        // The other runs are as good as ever.
        let others = try store.audit { $0[path][edges[1] + 60] ^= 0x10 }.runs
        #expect(others[0].isProved && others[2].isProved)
    }

    @Test("Without its index no entry counts as good")
    func withoutTheIndexNoEntryIsGood() async throws {
        let store = try await Store()
        let path = "\(store.nights[1].name)/run.tar.zst"
        let edges = MutationBase.frameEdges(of: store.nights[1].archive)
        for cut in [edges[3], edges[5], edges[6] - 1, 0] {
            let run = try store.audit { $0[path].removeSubrange(cut...) }.runs[1]
            #expect(run.goodEntries == 0)
            #expect(Self.problems(run.findings).contains(.archiveLayout), "\(cut)")
        }
    }

    @Test("A trailer that points nowhere is found")
    func aTrailerThatPointsNowhereIsFound() async throws {
        let store = try await Store()
        let path = "\(store.nights[1].name)/run.tar.zst"
        let trailer = store.nights[1].archive.count - ArchiveTrailer.byteCount
        for field in [8, 16] {
            for bytes in [[UInt8](repeating: 0xFF, count: 8), [UInt8](repeating: 0, count: 8)] {
                let run = try store.audit {
                    $0[path].replaceSubrange((trailer + field)..<(trailer + field + 8), with: bytes)
                }.runs[1]
                #expect(Self.problems(run.findings) == [.archiveLayout])
            }
        }
    }

    @Test("An archive is read in one way, even where every hash fits it")
    func nothingIsSmuggled() async throws {
        let store = try await Store()
        let first = store.forges[1].entries[0]
        let pax = ArchiveForge.paxHeader(renaming: "00001-else.cast")
        let zeros = [UInt8](repeating: 0, count: 1_024)
        #expect(try store.forged { _ in }.isProved)
        let forgeries: [(inout ArchiveForge) -> Void] = [
            { $0.smuggled.first = pax },
            { $0.smuggled.first = ArchiveForge.link("x", to: "/etc/passwd") },
            { $0.smuggled.second = $0.member("extra", []) },
            { $0.smuggled.second = zeros },
            { $0.smuggled.last = $0.member("extra", []) + zeros },
            { $0.smuggled.last = zeros },
            { $0.frames.last = ArchiveForge.skippable([]) },
            { $0.frames.last = ArchiveForge.frame(zeros) },
            { $0.frames.middle = ArchiveForge.skippable([1, 2, 3]) },
            { $0.frames.middle = ArchiveForge.frame([]) },
            { $0.index.name = "index" },
            { $0.trailerShift = 1 },
            { $0.index.hash = String(repeating: "0", count: 64) },
            { $0.entries[0].name = "00001-../x.cast" },
            { $0.entries[0].name = "00002-web1.cast" },
            { $0.entries[0].target = "web2" },
            { $0.entries[0].text.removeFirst() },
            { $0.entries[0].text.removeLast() },
            { $0.entries[0].text = $0.entries[1].text },
            { $0.entries[0].text += Array("[9.000000, \"o\", \"more\"]\n".utf8) },
            { $0.entries[0].text = [] },
            { $0.entries.swapAt(0, 1) },
            { forge in forge.entries = forge.entries.map { _ in first } },
        ]
        for (number, forgery) in forgeries.enumerated() {
            let run = try store.forged(forgery)
            #expect(!run.isProved, "forgery \(number)")
            let script = try await store.script(forgery)
            #expect(script.ending == .exited(1), "forgery \(number)")
        }
    }

    @Test("A manifest that does not fit its run is found")
    func manifestsThatSayOtherThingsAreFound() async throws {
        let store = try await Store()
        let changes: [(inout Manifest) -> Void] = [
            { $0.merkleRoot = String(repeating: "0", count: 64) }, { $0.indexHash = $0.sumsHash },
            { $0.sumsHash = $0.indexHash }, { $0.archiveHash = $0.indexHash }, { $0.archiveBytes += 1 },
            { $0.entries -= 1 }, { $0.playbookHash = $0.indexHash }, { $0.run = "20261123T020000Z-nightly-ffffff" },
        ]
        for (number, change) in changes.enumerated() {
            var nights = store.nights
            let name = nights[1].name
            change(&nights[1].manifest)
            let (forged, head) = try StoreForge().make(nights.map { .seal($0) })
            var image = forged
            if nights[1].name != name {
                // It keeps its folder.
                for (path, content) in forged.files where path.hasPrefix(nights[1].name) {
                    image.files[path] = nil
                    image.files[name + path.dropFirst(name.count)] = content
                }
            }
            #expect(!(try store.audit(heads: [head]) { $0 = image }.isProved), "change \(number)")
        }
    }

    @Test("What is not a regular file is neither waited for nor followed")
    func whatIsNoFileIsNotWaitedForAndNotFollowed() async throws {
        let store = try await Store()
        for name in store.image.files.keys.sorted() {
            #expect(!(try store.audit { $0.files[name] = .pipe }.isProved), "\(name)")
            let moved = try store.audit { image in
                image.files["\(name).moved"] = image.files[name]
                image.files[name] = .link("\(name.split(separator: "/").last ?? "").moved")
            }
            #expect(!moved.isProved, "\(name)")
        }
    }

    @Test("An archive that nobody vouches for is not expanded without bound")
    func anArchiveThatNobodyVouchesForIsNotExpandedForEver() async throws {
        let store = try await Store()
        let run = try store.forged { forge in
            let header = forge.entries[0].text.prefix { $0 != 0x0A }
            forge.entries[0].text = header + [0x0A] + [UInt8](repeating: 0x20, count: 256 << 20)
        }
        #expect(Self.problems(run.findings) == [.archiveLayout])
        #expect(run.findings.contains { $0.message.contains("no allowed signer") })
    }

    @Test("An index that nobody vouches for is not expanded without bound")
    func anIndexThatNobodyVouchesForIsNotExpandedForEver() async throws {
        let store = try await Store()
        let line = Array("1\t0\t1\t512\t0\tx\ty\n".utf8)
        let lines = Array(repeatElement(line, count: 1_000_000).joined())
        let run = try store.forged { $0.index.bytes = lines }
        #expect(Self.problems(run.findings) == [.archiveLayout])
        #expect(run.findings.contains { $0.message.contains("would expand to 1000000 entries") }, "\(run.findings)")
    }

    @Test("An archive that has grown to terabytes is not read to its end")
    func anArchiveThatGrewBeyondAllBoundsIsNotReadToItsEnd() async throws {
        let store = try await Store()
        let archive = store.folder.path(of: "\(store.nights[1].name)/run.tar.zst")
        // 8 TiB of nothing between the first bytes and the last ones.
        #expect(truncate(archive, 1 << 43) == 0)
        let file = try File(archive, O_WRONLY | O_APPEND)
        try file.write(Array(store.nights[1].archive.suffix(4_096)))
        let run = try store.audit().runs[1]
        #expect(Self.problems(run.findings).contains(.archiveAltered))
        #expect(throws: RecordingError.self) {
            try SealedRecording(folder: store.folder.path(of: store.nights[1].name))
        }
    }

    @Test("One run is proved together with its place in the chain")
    func oneRunIsProvedWithItsPlaceInTheChain() async throws {
        let store = try await Store()
        let name = store.nights[1].name
        #expect(try store.audit(runs: [name]).runs.map(\.run) == [name])
        // A copy of one run, without the others.
        let alone = try store.audit(heads: [], runs: [name]) { image in
            image.files = image.files.filter { $0.key.hasPrefix(name) }
        }
        #expect(alone.isProved && alone.findings.map(\.code) == [.chainMissing])
        #expect(!(try store.audit(heads: []) { $0.files["chain.log"] = nil }.isProved))
    }

    @Test("Of a run that is under way nothing is proved, and nothing speaks against it")
    func whatIsUnderWayIsNotProved() async throws {
        let store = try await Store()
        let recorder = try await RunRecorder.create(
            in: store.folder.path,
            run: RunDescription(
                playbookName: "live.ps1",
                playbookBytes: [],
                startedSeconds: 1_795_700_000,
                psrunVersion: "0.1.0",
                targets: ["a"]
            ),
            suffix: "ffffff"
        )
        let audit = try store.audit()
        #expect(audit.runs.last?.state == .running)
        #expect(audit.runs.last?.isProved == false && audit.runs.last?.isUnsuspected == true)
        #expect(Set(audit.allFindings.map(\.level)) == [.note])
        #expect(recorder.failure == nil)
    }
}
