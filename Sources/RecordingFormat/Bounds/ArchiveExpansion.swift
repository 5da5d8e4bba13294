/// How far an archive may expand where no signature vouches for what its index says: a few kilobytes can be made to keep a
/// reader busy for days. What psrun writes stays below.
package enum ArchiveExpansion {
    /// - Parameters:
    ///   - bytes: what it expands to.
    ///   - archiveBytes: its size.
    package static func isAllowed(_ bytes: UInt64, of archiveBytes: UInt64) -> Bool {
        let (most, overflow) = archiveBytes.multipliedReportingOverflow(by: RecordingBound.timesExpansion.limit)
        return overflow || bytes <= max(most, RecordingBound.freeExpansion.limit)
    }

    /// What entries take in the stream, as an index tells of them: up to where the last one of each frame ends.
    /// - Parameter entries: frame, first byte and length of each.
    package static func bytes(_ entries: some Sequence<(frame: UInt64, offset: UInt64, length: UInt64)>) -> UInt64 {
        var ends: [UInt64: UInt64] = [:]
        for entry in entries {
            let (end, overflow) = entry.offset.addingReportingOverflow(entry.length)
            ends[entry.frame] = max(ends[entry.frame] ?? 0, overflow ? .max : end)
        }
        return ends.values.reduce(0) { sum, end in
            let (sum, overflow) = sum.addingReportingOverflow(end)
            return overflow ? .max : sum
        }
    }

    /// For the end of a sentence on an archive that is not read.
    package static func refusal(_ bytes: UInt64, of archiveBytes: UInt64) -> String {
        "it would expand to \(bytes) bytes, more than an archive of \(archiveBytes) bytes does that psrun made"
    }
}
