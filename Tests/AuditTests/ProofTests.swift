import Audit
import PSRunTestSupport
import Recording
import RecordingFormat
import Testing

/// One target's recording, proved without the others.
@Suite struct ProofTests {
    /// A signed run of some targets, and a proof of one of them.
    private struct Proved {
        let keys: SigningKeys
        let folder: TemporaryFolder
        let night: Night
        let bytes: [UInt8]

        init(targets: [String], of place: Int, signed: Bool = true) async throws {
            keys = try await SigningKeys()
            folder = try TemporaryFolder()
            (night, _) = try await RecordedNight.make(day: 22, targets: targets)
            let image = try StoreForge(signer: signed ? Signer(keys) : nil).make([.seal(night)]).image
            try StoreImage.change(folder, from: StoreImage(), to: image)
            let run = folder.path(of: night.name)
            let recording = try SealedRecording(folder: run)
            var bytes: [UInt8] = []
            try ProofMaker(recording.entries[place], of: recording, in: run).write { bytes += $0 }
            self.bytes = bytes
        }

        func audit(_ bytes: [UInt8], requiringSignatures: Bool = true) throws -> AuditedRun {
            let file = try folder.write(bytes, to: "x.proof.tar")
            let signatures = SignatureCheck(
                isRequired: requiringSignatures,
                signers: AllowedSigners(file: keys.allowedSigners),
                environment: keys.environment
            )
            var request = StoreAudit.Request(folder: folder.path, runs: [], signatures: signatures)
            request.proofs = [file]
            return try #require(try StoreAudit.of(request).runs.first)
        }

        func script(_ bytes: [UInt8]) async throws -> ProgramOutcome {
            let file = try folder.write(bytes, to: "x.proof.tar")
            let script = ProofScript(proof: file, signers: keys.allowedSigners, signer: nil, requiresSignature: true)
            return try await ChildProgram.run(["/bin/sh", "-c", script.text])
        }
    }

    @Test("Each place in trees of every shape has its proof", arguments: [1, 2, 3, 5, 8, 13])
    func everyPlaceIsProved(count: Int) async throws {
        let targets = (1...count).map { "host\($0)" }
        for place in [0, count / 2, count - 1] {
            let proved = try await Proved(targets: targets, of: place)
            let run = try proved.audit(proved.bytes)
            #expect(run.isProved && run.goodEntries == 1, "\(place) of \(count): \(run.findings)")
            #expect(run.signature?.isTrusted == true)
            let script = try await proved.script(proved.bytes)
            #expect(script.ending == .exited(0), "\(place) of \(count): \(script)")
        }
    }

    @Test("A proof reveals nothing about other targets")
    func aProofTellsNothingOfOtherTargets() async throws {
        let targets = (1...40).map { "secret-host-\($0).example.org" } + ["mine"]
        let proved = try await Proved(targets: targets, of: 40)
        let text = String(decoding: proved.bytes, as: UTF8.self)
        #expect(text.contains("mine says 2"))
        #expect(!text.contains("secret-host"))
        // Of the archive nothing but hashes: no other entry's text, no index, no list of names.
        let path = try #require(MerkleProof(try Self.member("path.tsv", of: proved.bytes)))
        #expect(path.leaf.name == "00041-mine.cast")
        #expect(path.steps.count == 2)
    }

    @Test("Any other byte is found by both, but what a tar file holds beside its members")
    func nothingElseIsProved() async throws {
        let proved = try await Proved(targets: (1...5).map { "host\($0)" }, of: 2)
        var random = SplitMix64(seed: 7)
        for round in 0..<150 {
            var bytes = proved.bytes
            let place = Int.random(in: bytes.indices, using: &random)
            switch round % 4 {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes.insert(contentsOf: random.bytes(Int.random(in: 1...600, using: &random)), at: place)
            case 2: bytes.removeSubrange(place..<min(place + Int.random(in: 1...600, using: &random), bytes.count))
            default: bytes.removeSubrange(place...)
            }
            guard bytes != proved.bytes else { continue }
            #expect(!(try proved.audit(bytes).isProved), "round \(round)")
            // Padding and times are not what a proof tells.
            guard try Self.differs(bytes, from: proved.bytes) else { continue }
            #expect(try await proved.script(bytes).ending != .exited(0), "round \(round)")
        }
    }

    @Test("A proof does not fit another entry or another run")
    func anotherEntryOrAnotherRunDoesNotFit() async throws {
        let proved = try await Proved(targets: ["a", "b", "c"], of: 0)
        let other = try await Proved(targets: ["a", "b", "c"], of: 1)
        let names = ["manifest.json", "manifest.json.sig", "path.tsv"]
        for swapped in names {
            var bytes: [UInt8] = []
            for name in names {
                bytes += try Self.block(name, of: name == swapped ? other.bytes : proved.bytes)
            }
            bytes += try Self.block("00001-a.cast", of: proved.bytes) + [UInt8](repeating: 0, count: TarHeader.endBytes)
            #expect(!(try proved.audit(bytes).isProved), "\(swapped)")
            #expect(try await proved.script(bytes).ending != .exited(0), "\(swapped)")
        }
    }

    @Test("An entry is found only by its whole name, to the last byte")
    func anEntryHasItsNameToTheLastByte() async throws {
        let proved = try await Proved(targets: ["Kiel"], of: 0)
        #expect(try proved.audit(proved.bytes).isProved)
        // U+212A KELVIN SIGN, which Swift takes for a K.
        let (name, other) = ("00001-Kiel.cast", "00001-\u{212A}iel.cast")
        let start = try #require(proved.bytes.firstPlace(of: Array("\(name)\0".utf8), ignoringCase: false))
        var header = try #require(TarHeader(Array(proved.bytes[start..<(start + TarHeader.byteCount)])))
        header.name = other
        var bytes = proved.bytes
        bytes.replaceSubrange(start..<(start + TarHeader.byteCount), with: header.bytes)
        #expect(!(try proved.audit(bytes).isProved))
        #expect(try await proved.script(bytes).ending == .exited(1))
    }

    @Test("A proof holds its own members and nothing else")
    func aProofIsItsMembersAndNoMore() async throws {
        let proved = try await Proved(targets: ["a", "b"], of: 0)
        let zeros = [UInt8](repeating: 0, count: TarHeader.byteCount)
        let others = [
            proved.bytes.dropLast(TarHeader.endBytes) + [], proved.bytes + zeros, proved.bytes + proved.bytes,
            ArchiveForge.paxHeader(renaming: "manifest.json") + proved.bytes,
        ]
        for (number, bytes) in others.enumerated() {
            #expect(!(try proved.audit(bytes).isProved), "\(number)")
            #expect(try await proved.script(bytes).ending == .exited(1), "\(number)")
        }
    }

    @Test("An unsigned proof is consistent, and is not called more than that")
    func anUnsignedProofIsConsistentAndNoMore() async throws {
        let proved = try await Proved(targets: ["a", "b"], of: 0, signed: false)
        let run = try proved.audit(proved.bytes, requiringSignatures: false)
        #expect(run.isProved && run.findings.map(\.code) == [.unsigned])
        #expect(!(try proved.audit(proved.bytes).isProved))
        #expect(try await proved.script(proved.bytes).ending == .exited(1))
    }

    @Test("A damaged entry cannot be taken out as a proof")
    func aDamagedEntryIsNotTakenOut() async throws {
        let (night, _) = try await RecordedNight.make(day: 22, targets: ["a"])
        var archive = night.archive
        archive[60] ^= 1
        let folder = try TemporaryFolder()
        let image = try StoreForge().make([.seal(Night(manifest: night.manifest, archive: archive))]).image
        try StoreImage.change(folder, from: StoreImage(), to: image)
        let run = folder.path(of: night.name)
        let recording = try SealedRecording(folder: run)
        let error = #expect(throws: RecordingError.self) {
            try ProofMaker(recording.entries[0], of: recording, in: run)
        }
        #expect(error?.code == .damaged)
    }

    // MARK: Tar

    /// A member with its header and its padding.
    private static func block(_ name: String, of tar: [UInt8]) throws -> [UInt8] {
        var place = 0
        while place < tar.count, let header = TarHeader(Array(tar[place..<min(place + 512, tar.count)])) {
            let end = place + 512 + Int(TarHeader.padded(header.size))
            guard end <= tar.count else { break }
            if header.name == name { return Array(tar[place..<end]) }
            place = end
        }
        throw TestSupportError("no member \(name)")
    }

    private static func member(_ name: String, of tar: [UInt8]) throws -> [UInt8] {
        let block = try block(name, of: tar)
        let size = try #require(TarHeader(Array(block.prefix(512)))?.size)
        return Array(block[512..<(512 + Int(size))])
    }

    /// Whether a member's text is another, or is not there.
    private static func differs(_ bytes: [UInt8], from original: [UInt8]) throws -> Bool {
        for name in ["manifest.json", "manifest.json.sig", "path.tsv", "00003-host3.cast"] {
            guard let text = try? member(name, of: bytes), text == (try member(name, of: original)) else { return true }
        }
        return false
    }
}
