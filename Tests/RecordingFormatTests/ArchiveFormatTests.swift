import RecordingFormat
import Testing

@Suite struct ArchiveFormatTests {
    @Test(
        "Moments are of the Gregorian calendar",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (1_795_312_800, "2026-11-22T02:00:00Z"), (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
        ]
    )
    func momentsAreOfTheGregorianCalendar(seconds: Int64, text: String) {
        #expect(UTCTime(secondsSince1970: seconds).extended == text)
        #expect(UTCTime(text)?.secondsSince1970 == seconds)
    }

    @Test(
        "What is not a moment is refused",
        arguments: [
            "", "2026", "2026-11-31", "2026-13-01", "2026-00-10", "2026-11-22T24:00:00Z", "2026-11-22T02:60:00Z",
            "2026-11-22 02:00:00Z", "2026-11-22T02:00:00", "2026/11/22", "+026-11-22", "2025-02-29",
            "2026-11-22T02:00:00z",
        ]
    )
    func whatIsNoMomentIsRefused(text: String) {
        #expect(UTCTime(text) == nil)
    }

    @Test("A date stands for its first second")
    func aDateIsItsFirstSecond() {
        #expect(UTCTime("2026-11-22")?.extended == "2026-11-22T00:00:00Z")
    }

    @Test("Names of entries are safe in any file system and shell")
    func namesAreSafeAnywhere() {
        #expect(
            RunName.folder(startedSeconds: 1_795_312_800, playbookName: "nightly.ps1", suffix: "3fa91c")
                == "20261122T020000Z-nightly-3fa91c"
        )
        #expect(RunName.folder(startedSeconds: 0, playbookName: "disk.sh", suffix: "0").hasSuffix("Z-disk-0"))
        #expect(RunName.folder(startedSeconds: 0, playbookName: "a.ps1.txt", suffix: "0").hasSuffix("Z-a.ps1.txt-0"))
        #expect(RunName.folder(startedSeconds: 0, playbookName: ".ps1", suffix: "0").hasSuffix("Z-playbook-0"))
        #expect(RunName.member(entry: 0, target: "../../etc/pass\nwd") == "00001-.._.._etc_pass_wd.cast")
        #expect(RunName.member(entry: 123_456, target: "[::1]:22") == "123457-___1__22.cast")
        #expect(RunName.member(entry: 9, target: String(repeating: "ä", count: 99)).utf8.count < 100)
    }

    @Test("The index comes back as it was written")
    func theIndexComesBackAsItWas() {
        let entries = (0..<3).map { number in
            IndexedEntry(
                entry: number,
                frameOffset: 1 << 40,
                frameLength: 5,
                offset: 512,
                length: 0,
                name: "a\(number)",
                target: "ü@x"
            )
        }
        #expect(ArchiveIndex.decode(ArchiveIndex.encode(entries)) == entries)
        #expect(ArchiveIndex.decode(Array("1\t2\t3\n".utf8)) == nil)
        #expect(ArchiveIndex.decode(Array("0\t2\t3\t4\t5\ta\tb\n".utf8)) == nil)
        #expect(ArchiveIndex.decode(Array("-1\t2\t3\t4\t5\ta\tb\n".utf8)) == nil)
    }

    @Test("The trailer is a skippable frame of zstd")
    func theTrailerIsASkippableFrame() throws {
        let trailer = ArchiveTrailer(offset: 77, length: 9)
        #expect(trailer.bytes.count == ArchiveTrailer.byteCount)
        #expect(trailer.bytes.prefix(8) == [0x50, 0x2A, 0x4D, 0x18, 24, 0, 0, 0])
        #expect(ArchiveTrailer(trailer.bytes) == trailer)
        #expect(ArchiveTrailer(Array(trailer.bytes.dropLast())) == nil)
        #expect(ArchiveTrailer([UInt8](repeating: 0, count: 32)) == nil)
    }

    @Test("The sums come back as they were written")
    func sumsComeBackAsTheyWere() throws {
        let members = [
            MemberHash(name: "a-b", hash: hexadecimal(mixingHash([1]))),
            MemberHash(name: "c", hash: hexadecimal(mixingHash([2]))),
        ]
        #expect([MemberHash](sums: members.sums) == members)
        #expect([MemberHash](sums: Array("abc  d\n".utf8)) == nil)
    }

    /// RFC 9162, section 2.1.1, recursively: the definition against the level by level computation.
    @Test("The Merkle tree has the shape of RFC 6962", arguments: 1...33)
    func theMerkleTreeHasTheShapeOfTheRFC(count: Int) {
        func root(_ leaves: ArraySlice<MemberHash>) -> String {
            guard leaves.count > 1 else {
                return leaves.first.map { hexadecimal(mixingHash([0] + "\($0.hash)  \($0.name)".utf8)) } ?? ""
            }
            var split = 1
            while split * 2 < leaves.count { split *= 2 }
            let middle = leaves.startIndex + split
            return hexadecimal(mixingHash([1] + root(leaves[..<middle]).utf8 + root(leaves[middle...]).utf8))
        }
        let leaves = (0..<count).map { MemberHash(name: "m\($0)", hash: "\($0)") }
        #expect(leaves.merkleRoot(hash: mixingHash) == root(leaves[...]))
    }

    @Test("Each leaf has a proof, and it fits no other leaf", arguments: 1...33)
    func eachLeafHasAProofAndNoOtherDoes(count: Int) throws {
        let leaves = (0..<count).map { MemberHash(name: "m\($0)", hash: hexadecimal(mixingHash([UInt8($0)]))) }
        let root = leaves.merkleRoot(hash: mixingHash)
        for index in leaves.indices {
            var proof = leaves.merkleProof(of: index, hash: mixingHash)
            #expect(proof.leaf == leaves[index])
            #expect(1 << proof.steps.count < 2 * count)
            #expect(proof.root(hash: mixingHash) == root)
            #expect(MerkleProof(proof.encoded) == proof)
            #expect(MerkleProof(proof.encoded + [0x0A]) == nil)
            proof.leaf.name += "x"
            #expect(proof.root(hash: mixingHash) != root)
        }
    }

    @Test("What is not a proof is refused")
    func whatIsNoProofIsRefused() {
        let hash = String(repeating: "a", count: 64)
        #expect(MerkleProof(Array("\(hash)  m\nleft\t\(hash)\n".utf8)) != nil)
        for text in ["", "\n", "\(hash)  m", "\(hash)  m\nup\t\(hash)\n", "\(hash)  m\nleft\tab\n", "left\t\(hash)\n"] {
            #expect(MerkleProof(Array(text.utf8)) == nil, "\(text)")
        }
    }
}
