/// Cuts an entry's bytes, taken in pieces of any size, into its lines.
package struct CastLineSplitter: Sendable {
    private var bytes: [UInt8] = []
    private var start = 0
    private var searched = 0

    package init() {}

    package mutating func receive(_ more: some Collection<UInt8>) {
        bytes.removeFirst(start)
        searched -= start
        start = 0
        bytes += more
    }

    /// The next whole line with its line end, or nil until more bytes come.
    package mutating func nextLine() -> ArraySlice<UInt8>? {
        guard let end = bytes[searched...].firstIndex(of: 0x0A) else {
            searched = bytes.count
            return nil
        }
        defer {
            start = end + 1
            searched = start
        }
        return bytes[start...end]
    }

    /// What is behind the last line end.
    package var rest: ArraySlice<UInt8> { bytes[start...] }
}
