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
        guard let end = lineEnd() else {
            searched = bytes.count
            return nil
        }
        defer {
            start = end + 1
            searched = start
        }
        return bytes[start...end]
    }

    /// By pointer: the slice's own search takes 0.2 us a byte, which is minutes for the longest line.
    private func lineEnd() -> Int? {
        bytes.withUnsafeBufferPointer { bytes in
            var place = searched
            while place < bytes.count, bytes[place] != 0x0A { place += 1 }
            return place < bytes.count ? place : nil
        }
    }

    /// What is behind the last line end.
    package var rest: ArraySlice<UInt8> { bytes[start...] }
}
