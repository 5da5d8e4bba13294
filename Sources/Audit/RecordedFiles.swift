/// The names of a recording's files.
enum RecordedFiles {
    static let archive = "run.tar.zst"
    static let manifest = "manifest.json"
    static let manifestSignature = "manifest.json.sig"
    static let manifestPart = "manifest.json.part"
    static let tombstone = "tombstone.json"
    static let tombstonePart = "tombstone.json.part"
    static let tombstoneSignature = "tombstone.json.sig"
    static let journal = "journal"
    static let chain = "chain.log"
}
