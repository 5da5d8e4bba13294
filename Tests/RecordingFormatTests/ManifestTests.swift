import RecordingFormat
import Testing

@Suite struct ManifestTests {
    private static let hash = String(repeating: "0f", count: 32)

    private let manifest = Manifest(
        run: "20261122T020000Z-nightly-3fa91c",
        playbookName: "nightly \"x\"\n.ps1",
        playbookHash: hash,
        psrunVersion: "0.1.0",
        startedSeconds: 1_795_312_800,
        endedSeconds: 1_795_312_900,
        durationMicroseconds: 99_999_999,
        exitCode: 4,
        recovered: false,
        entries: 3,
        outcomes: ["unreachable": 1, "ok": 2],
        archiveBytes: 1 << 40,
        archiveHash: hash,
        indexHash: hash,
        sumsHash: hash,
        merkleRoot: hash,
        journalHead: hash,
        previous: PreviousRun(run: "20261121T020000Z-nightly-000000", manifestHash: hash),
        chainHead: hash,
        retainUntilSeconds: 1_826_848_800
    )

    @Test("The manifest comes back as it was written")
    func theManifestComesBackAsItWas() {
        #expect(Manifest(manifest.encoded) == manifest)
        var first = manifest
        first.exitCode = nil
        first.recovered = true
        first.previous = nil
        first.chainHead = Chain.emptyHead
        first.retainUntilSeconds = nil
        first.outcomes = [:]
        #expect(Manifest(first.encoded) == first)
    }

    /// sed(1) must find each value on a line of its own, and no text of a value may pass for another line.
    @Test("Each value of the manifest has a line of its own")
    func eachValueHasALineOfItsOwn() {
        let lines = String(decoding: manifest.encoded, as: UTF8.self).split(separator: "\n")
        #expect(lines.first == "{")
        #expect(lines.dropFirst().first == "  \"format\": \"psrun-recording\",")
        #expect(lines.contains("  \"merkle_root\": \"\(Self.hash)\","))
        #expect(lines.contains("    \"manifest_sha256\": \"\(Self.hash)\""))
        #expect(lines.contains("  \"retain_until\": \"2027-11-22T02:00:00Z\""))
        #expect(lines.filter { $0.contains("nightly") }.count == 3)
    }

    @Test("Only the bytes that psrun would write are a manifest")
    func onlyItsOwnBytesAreAManifest() {
        let text = String(decoding: manifest.encoded, as: UTF8.self)
        let others = [
            "{}", String(text.dropLast()), text + "\n", text.replacing("  \"entries\": 3", with: "  \"entries\":  3"),
            text.replacing("  \"recovered\": false,\n", with: "  \"recovered\": false,\n  \"recovered\": false,\n"),
            text.replacing("  \"entries\": 3", with: "  \"more\": 1,\n  \"entries\": 3"),
            text.replacing("\"nightly", with: "\"\\u006eightly"),
            text.replacing("0f\"", with: "0F\""),
            text.replacing("2027-11-22T02:00:00Z", with: "2027-11-31T02:00:00Z"),
            text.replacing("  \"started\": \"2026", with: "  \"started\": \"2025"),
            text.replacing("\"psrun-recording\"", with: "\"psrun-tombstone\""),
            text.replacing("\"version\": 1", with: "\"version\": 2"),
        ]
        for other in others {
            #expect(other != text)
            #expect(Manifest(Array(other.utf8)) == nil, "\(other)")
        }
    }

    @Test("The tombstone comes back as it was written, and no other bytes are one")
    func theTombstoneComesBackAsItWasAndNoOther() {
        let tombstone = Tombstone(
            run: manifest.run,
            manifestHash: Self.hash,
            prunedSeconds: 1_826_848_800,
            by: "alice(1000)",
            reason: "--keep 90d",
            chainHead: Chain.emptyHead
        )
        #expect(Tombstone(tombstone.encoded) == tombstone)
        let text = String(decoding: tombstone.encoded, as: UTF8.self)
        for other in [
            "{}", text + " ", text.replacing("90d", with: "\\u0039\\u0030d"), text.replacing("22T", with: "22t"),
        ] {
            #expect(Tombstone(Array(other.utf8)) == nil, "\(other)")
        }
        #expect(Tombstone(manifest.encoded) == nil)
    }
}
