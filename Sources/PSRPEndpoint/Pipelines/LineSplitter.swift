/// Cuts a stream of bytes into lines, wherever its reads were cut.
package struct LineSplitter: Sendable {
    private let longest: Int
    private var partial: [UInt8] = []
    private var isLeavingOut = false
    private var overlong = 0

    /// - Parameter longest: bytes of the longest line. A longer one is left out, so that output without line ends cannot
    ///   fill the memory.
    package init(longest: Int = 1 << 20) {
        self.longest = longest
    }

    /// - Returns: the lines that are whole now, without their LF or CRLF.
    package mutating func take(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            hold(rest[..<end])
            if !isLeavingOut {
                if partial.last == UInt8(ascii: "\r") { partial.removeLast() }
                lines.append(partial)
            }
            (partial, isLeavingOut) = ([], false)
            rest = rest[(end + 1)...]
        }
        hold(rest)
        return lines
    }

    /// What came after the last line end; nil for nothing.
    package mutating func finish() -> [UInt8]? {
        defer { (partial, isLeavingOut) = ([], false) }
        return partial.isEmpty ? nil : partial
    }

    /// How many lines began to be left out since this was asked last.
    package mutating func takeOverlong() -> Int {
        defer { overlong = 0 }
        return overlong
    }

    private mutating func hold(_ bytes: ArraySlice<UInt8>) {
        guard !isLeavingOut else { return }
        if partial.count + bytes.count > longest {
            (partial, isLeavingOut) = ([], true)
            overlong += 1
        } else {
            partial += bytes
        }
    }
}
