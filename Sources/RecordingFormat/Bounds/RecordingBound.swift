/// What reading a recording accepts from outside at most. The documentation's page Bounds is this table, and a test walks
/// along it: who reads takes its limit from here.
package enum RecordingBound: CaseIterable, Sendable, Hashable {
    case manifest, tombstone, signature, proofMember
    case chain, chainLine, chainNumber
    case index, indexDigits, entries
    case entry, entryHeader, entryLine, entryEnd, entryTime
    case window, freeExpansion, timesExpansion
    case journalPayload, journalBlock
    case depth, heads
    case chainWait, keygenWait, logWait, settling

    /// In the row's unit.
    package var limit: UInt64 {
        switch self {
        case .manifest, .tombstone, .signature, .proofMember, .chainLine, .entryHeader: 1 << 20
        case .chain: 1 << 30
        case .chainNumber: 1 << 40
        case .index: 256 << 20
        case .indexDigits: 18
        case .entries: UInt64(Int32.max)
        case .entry: (1 << 33) - 1
        case .entryLine: 512 << 20
        case .entryEnd, .heads: 64 << 20
        case .entryTime: 9_000_000_000
        case .window: 32 << 20
        case .freeExpansion: 256 << 20
        case .timesExpansion: 8_192
        case .journalPayload: 256 << 20
        case .journalBlock: 512 << 20
        case .depth: 64
        case .chainWait: 60_000
        case .keygenWait: 10_000
        case .logWait: 2_000
        case .settling: 3_000
        }
    }

    /// For a count of bytes that fits a file.
    package var bytes: Int { Int(limit) }
}
