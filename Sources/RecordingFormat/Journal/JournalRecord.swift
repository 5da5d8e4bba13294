/// What a journal's record is: structure below 16, an event's `RecordedCode` above.
package enum JournalRecordKind: Sendable, Hashable {
    /// The run's description, as JSON.
    case run
    /// The playbook's bytes.
    case playbook
    /// An entry begins: its header, as JSON.
    case begin
    /// An entry ends.
    case finish
    /// The end of a block: SHA-256(the previous block's value ‖ all of this block before this record).
    case commit
    /// An event of an entry: its text.
    case event(RecordedCode)

    package init?(rawValue: UInt8) {
        switch rawValue {
        case 1: self = .run
        case 2: self = .playbook
        case 3: self = .begin
        case 4: self = .finish
        case 5: self = .commit
        default:
            guard let code = RecordedCode(rawValue: rawValue) else { return nil }
            self = .event(code)
        }
    }

    package var rawValue: UInt8 {
        switch self {
        case .run: 1
        case .playbook: 2
        case .begin: 3
        case .finish: 4
        case .commit: 5
        case .event(let code): code.rawValue
        }
    }
}

/// One record of a journal.
package struct JournalRecord: Sendable, Hashable {
    /// The entry it belongs to; nil for the run's own.
    package var entry: Int?
    /// Nanoseconds: of an event or `finish` since its entry began, of all others since the run began.
    package var time: UInt64
    package var kind: JournalRecordKind
    package var payload: ArraySlice<UInt8>

    package init(entry: Int?, time: UInt64, kind: JournalRecordKind, payload: ArraySlice<UInt8>) {
        self.entry = entry
        self.time = time
        self.kind = kind
        self.payload = payload
    }
}

/// The journal on disk, format 1. It begins with `signature`; records follow, each of them, little-endian:
/// payload length (4 bytes), entry (4; all ones for the run), sequence from 0 (8), nanoseconds (8), kind (1), payload,
/// CRC-32 of all of these (4). A block is all that ends with a commit record; the first one has the signature in it.
package enum JournalLayout {
    package static let signature = Array("psrun journal 1\n".utf8)
    /// Bytes before a record's payload, and all bytes of a record but its payload.
    static let headBytes = 25
    static let frameBytes = 29
    static let runEntry: UInt32 = .max
    /// A longer payload is not a record's: whoever has more to say says it in several.
    package static let maximumPayload = RecordingBound.journalPayload.bytes
    /// What the first block's hash takes for the previous one's.
    package static let chainStart = [UInt8](repeating: 0, count: 32)
}
