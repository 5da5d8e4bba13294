/// Puts the fragments of one stream together: cut anywhere, several objects interleaved.
///
/// Ids are grouped by and not compared: a real sender's may start anywhere, skip, and go backwards.
package struct FragmentReassembler: Sendable {
    private struct Part {
        var nextFragmentID: UInt64
        var bytes: [UInt8]
    }

    private let messageLimit: Int
    private let openLimit: Int
    private var held: [UInt8] = []
    private var open: [UInt64: Part] = [:]
    private var openBytes = 0

    package init(limits: SessionLimits) {
        messageLimit = limits.messageBytes
        openLimit = limits.openMessages
    }

    /// Whether everything received has made whole messages.
    package var isAtRest: Bool { held.isEmpty && open.isEmpty }

    /// How much has been received of messages that are not whole yet.
    var pendingBytes: Int { held.count + openBytes }

    /// Takes a slice of the stream.
    /// - Returns: the messages that are whole now, in the order in which they were finished.
    /// - Throws: `.malformedFragment` and `.limit`.
    package mutating func receive(_ bytes: [UInt8]) throws(PSRPError) -> [[UInt8]] {
        var messages: [[UInt8]] = []
        if held.isEmpty { held = bytes } else { held += bytes }
        var at = 0
        while held.count - at >= Fragment.headerSize {
            let length = Int(Self.number(held, at + 17, 4))
            guard length > 0 else { throw PSRPError(.malformedFragment, "A fragment without content was received.") }
            guard length <= messageLimit else { throw tooLarge() }
            let start = at + Fragment.headerSize
            guard held.count - start >= length else { break }
            let blob = held[start..<(start + length)]
            let objectID = Self.number(held, at, 8)
            let fragmentID = Self.number(held, at + 8, 8)
            if let message = try add(blob, objectID, fragmentID, flags: held[at + 16]) { messages.append(message) }
            at = start + length
        }
        if at == held.count { held = [] } else { held.removeFirst(at) }
        return messages
    }

    private mutating func add(
        _ blob: ArraySlice<UInt8>,
        _ objectID: UInt64,
        _ fragmentID: UInt64,
        flags: UInt8
    ) throws(PSRPError) -> [UInt8]? {
        let isStart = flags & Fragment.startFlag != 0
        let isEnd = flags & Fragment.endFlag != 0
        guard flags & ~(Fragment.startFlag | Fragment.endFlag) == 0 else {
            throw PSRPError(.malformedFragment, "A fragment with unknown flags (\(flags)) was received.")
        }
        guard objectID > 0 else { throw PSRPError(.malformedFragment, "A fragment of object 0 was received.") }
        guard isStart == (fragmentID == 0) else {
            throw PSRPError(.malformedFragment, "Fragment \(fragmentID) of object \(objectID) has the wrong flags.")
        }
        if isStart {
            guard open[objectID] == nil else {
                throw PSRPError(.malformedFragment, "Object \(objectID) began again before it ended.")
            }
            if isEnd { return Array(blob) }
            guard open.count < openLimit else {
                throw PSRPError(.limit, "More than \(openLimit) messages were begun and not ended.")
            }
            try count(blob)
            open[objectID] = Part(nextFragmentID: 1, bytes: Array(blob))
            return nil
        }
        guard var part = open.removeValue(forKey: objectID) else {
            throw PSRPError(.malformedFragment, "A fragment of object \(objectID) came before its first one.")
        }
        guard part.nextFragmentID == fragmentID else {
            throw PSRPError(
                .malformedFragment,
                "Fragment \(fragmentID) of object \(objectID) came where \(part.nextFragmentID) was due."
            )
        }
        try count(blob)
        part.bytes += blob
        part.nextFragmentID += 1
        if isEnd {
            openBytes -= part.bytes.count
            return part.bytes
        }
        open[objectID] = part
        return nil
    }

    /// The limit holds for all open messages together.
    private mutating func count(_ blob: ArraySlice<UInt8>) throws(PSRPError) {
        guard openBytes + blob.count <= messageLimit else { throw tooLarge() }
        openBytes += blob.count
    }

    private func tooLarge() -> PSRPError {
        PSRPError(
            .limit,
            "A message (one line of output, or one object) of more than \(messageLimit) bytes was received, and no larger "
                + "one is accepted."
        )
    }

    private static func number(_ bytes: [UInt8], _ start: Int, _ count: Int) -> UInt64 {
        bytes[start..<(start + count)].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
