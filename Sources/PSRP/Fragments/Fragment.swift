/// A fragment of a message (MS-PSRP 2.2.4): a big-endian header of 21 bytes and a part of the message.
package enum Fragment {
    package static let headerSize = 21
    /// The most bytes of one fragment, its header among them, that real ones send.
    package static let maximumSize = 32768

    static let startFlag: UInt8 = 1
    static let endFlag: UInt8 = 2
}

/// Cuts messages into fragments. Object ids count up from 1, over all that one side of a session sends.
package struct FragmentSplitter: Sendable {
    private var lastObjectID: UInt64 = 0

    package init() {}

    /// - Parameter message: header and body, never empty.
    /// - Returns: each fragment, header included.
    package mutating func split(_ message: [UInt8]) -> [[UInt8]] {
        lastObjectID += 1
        let room = Fragment.maximumSize - Fragment.headerSize
        var fragments: [[UInt8]] = []
        var rest = message[...]
        var fragmentID: UInt64 = 0
        repeat {
            let blob = rest.prefix(room)
            rest = rest.dropFirst(room)
            var flags: UInt8 = 0
            if fragmentID == 0 { flags |= Fragment.startFlag }
            if rest.isEmpty { flags |= Fragment.endFlag }
            var fragment: [UInt8] = []
            fragment.reserveCapacity(Fragment.headerSize + blob.count)
            append(lastObjectID, to: &fragment)
            append(fragmentID, to: &fragment)
            fragment.append(flags)
            append(UInt32(blob.count), to: &fragment)
            fragment += blob
            fragments.append(fragment)
            fragmentID += 1
        } while !rest.isEmpty
        return fragments
    }

    private func append<Number: FixedWidthInteger>(_ number: Number, to bytes: inout [UInt8]) {
        for shift in stride(from: Number.bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> Number(shift)))
        }
    }
}
