import Glibc
import RecordingFormat

/// Finds out how an entry's session ended while its text goes by: the outcome of its last `X` event.
struct OutcomeFinder {
    private static let limit = RecordingBound.entryEnd.bytes
    /// `[12.345678, "X", "` takes fewer bytes.
    private static let leadBytes = 40

    /// The present line as far as it is needed: up to its code, and all of it where that is X.
    private var line: [UInt8] = []
    /// Whether the rest of the present line is passed over.
    private var isPassing = false
    private var number = 1
    private(set) var isTooLong = false
    private(set) var outcome = RecordedOutcome.unknown

    mutating func receive(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes
        while !rest.isEmpty {
            let end = rest.firstOffset(of: 0x0A)
            let part = UnsafeRawBufferPointer(rebasing: rest[..<(end ?? rest.count)])
            if !isPassing { take(part) }
            guard let end else { return }
            finishLine()
            rest = UnsafeRawBufferPointer(rebasing: rest[(end + 1)...])
        }
    }

    private mutating func take(_ part: UnsafeRawBufferPointer) {
        let lead = max(0, Self.leadBytes - line.count)
        line += part.prefix(lead)
        guard line.count >= Self.leadBytes else { return }
        guard CastLine.code(of: line[...]) == .exit else {
            isPassing = true
            return
        }
        line += part.dropFirst(lead)
        guard line.count > Self.limit else { return }
        (isTooLong, isPassing) = (true, true)
    }

    private mutating func finishLine() {
        defer {
            line.removeAll(keepingCapacity: true)
            isPassing = false
            number += 1
        }
        guard !isPassing, number > 1, CastLine.code(of: line[...]) == .exit,
            case .event(let event)? = try? CastLine(decoding: line[...], number: number)
        else { return }
        outcome = TargetRecord(parsing: event.data.utf8)?.outcome ?? .unknown
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func firstOffset(of byte: UInt8) -> Int? {
        guard let base = baseAddress, let found = memchr(base, Int32(byte), count) else { return nil }
        return UnsafeRawPointer(found) - base
    }
}
