/// A fragment of a message (MS-PSRP 2.2.4): a big-endian header of 21 bytes and a part of the message.
///
/// How large one may be is the carriage's to say (`CarriageTraits.largestFragment`).
package enum Fragment {
    package static let headerSize = 21

    static let startFlag: UInt8 = 1
    static let endFlag: UInt8 = 2
}

/// Cuts messages into fragments. Object ids count up from 1, over all that one side of a session sends.
package struct FragmentSplitter: Sendable {
    private var lastObjectID: UInt64 = 0

    package init() {}

    /// Begins to cut a message, which takes the next object id.
    /// - Parameter message: header and body, never empty.
    package mutating func begin(_ message: [UInt8]) -> MessageInFragments {
        lastObjectID += 1
        return MessageInFragments(objectID: lastObjectID, message: message)
    }
}

/// A message on its way, cut fragment by fragment, since the largest size may change meanwhile.
package struct MessageInFragments: Sendable {
    private let objectID: UInt64
    private let message: [UInt8]
    private var fragmentID: UInt64 = 0
    private var position = 0

    fileprivate init(objectID: UInt64, message: [UInt8]) {
        self.objectID = objectID
        self.message = message
    }

    /// Whether all of it has been cut.
    package var isAtEnd: Bool { position == message.count }

    /// Bytes of what is left as one fragment, header included.
    var sizeOfRest: Int { Fragment.headerSize + message.count - position }

    /// Appends the next fragment, header included.
    /// - Parameter largest: the most bytes of it; one byte of the message is always in it.
    package mutating func appendNext(to bytes: inout [UInt8], largest: Int) {
        let end = min(message.count, position + max(1, largest - Fragment.headerSize))
        var flags: UInt8 = 0
        if fragmentID == 0 { flags |= Fragment.startFlag }
        if end == message.count { flags |= Fragment.endFlag }
        bytes.reserveCapacity(bytes.count + Fragment.headerSize + end - position)
        bytes.append(bigEndian: objectID)
        bytes.append(bigEndian: fragmentID)
        bytes.append(flags)
        bytes.append(bigEndian: UInt32(end - position))
        bytes += message[position..<end]
        position = end
        fragmentID += 1
    }
}

extension [UInt8] {
    fileprivate mutating func append(bigEndian number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
    }
}
