import PSRPEndpoint

/// What start-up files wrote before the shell's first word, in lines; what is more than a person reads is left out.
struct NoiseLines {
    private static let most = 64 << 10

    private var lines = LineSplitter(longest: 4 << 10)
    private var told = 0
    /// What was written last, for who wants to know why the shell did not begin.
    private(set) var last: [UInt8] = []

    mutating func note(_ bytes: [UInt8]) { last = Array((last + bytes).suffix(400)) }

    /// Whether so many bytes more are told.
    mutating func mayTell(_ count: Int) -> Bool {
        told += count
        return told <= Self.most
    }

    mutating func take(_ bytes: [UInt8]) -> [String] {
        guard mayTell(bytes.count) else { return [] }
        return lines.take(bytes).map { String(decoding: $0, as: UTF8.self) }
    }

    /// What came behind the last line's end.
    mutating func finish() -> [String] {
        lines.finish().map { [String(decoding: $0, as: UTF8.self)] } ?? []
    }
}
