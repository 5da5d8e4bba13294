/// A size as a person reads it: `512 B`, `20 KB`, `1.4 MB`, in powers of 1,000.
func readable(bytes: UInt64) -> String {
    switch bytes {
    case ..<1_000: "\(bytes) B"
    case ..<1_000_000: "\(bytes / 1_000) KB"
    case ..<1_000_000_000: "\(bytes / 1_000_000).\(bytes / 100_000 % 10) MB"
    default: "\(bytes / 1_000_000_000).\(bytes / 100_000_000 % 10) GB"
    }
}

/// A duration as a person reads it: `340 us`, `12 ms`, `3.4 s`, `2 min 5 s`, `1 h 2 min`.
package func readable(microseconds: Int64) -> String {
    switch microseconds {
    case ..<1_000: return "\(max(0, microseconds)) us"
    case ..<1_000_000: return "\(microseconds / 1_000) ms"
    case ..<60_000_000: return "\(microseconds / 1_000_000).\(microseconds / 100_000 % 10) s"
    case ..<3_600_000_000: return "\(microseconds / 60_000_000) min \(microseconds / 1_000_000 % 60) s"
    default: return "\(microseconds / 3_600_000_000) h \(microseconds / 60_000_000 % 60) min"
    }
}
