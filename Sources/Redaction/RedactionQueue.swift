/// The texts of events on their way to where they are written down: each event's leave in their turn, as soon as it is known
/// what in them is to be replaced. Texts of one channel are one text, so that a secret is found that is cut in pieces.
///
/// The events themselves stay with whoever owns the queue, in the same order.
package struct RedactionQueue {
    /// A text of an event.
    package struct Text {
        package var text: String
        /// Texts of the same number are read as one.
        package var channel: Int
        /// Whether the channel is a stream, cut anywhere; else each text is whole for patterns.
        package var isStream: Bool

        package init(_ text: String, channel: Int, isStream: Bool) {
            self.text = text
            self.channel = channel
            self.isStream = isStream
        }
    }

    private struct Piece {
        let channel: Int
        let start: Int
        let bytes: [UInt8]
    }

    private struct Waiting {
        let pieces: [Piece]
        let bytes: Int
    }

    /// A far side that names its places ever anew has no more of them remembered, once nothing waits.
    private static let mostChannels = 256

    private var waiting: [Waiting] = []
    private var first = 0
    private var channels: [Int: RedactionChannel] = [:]
    /// How much text is waiting.
    package private(set) var bytes = 0

    package init() {}

    var channelCount: Int { channels.count }

    package var isEmpty: Bool { first == waiting.count }

    /// Takes an event's texts in.
    package mutating func append(_ texts: [Text], by redactor: inout Redactor) {
        var pieces: [Piece] = []
        pieces.reserveCapacity(texts.count)
        var count = 0
        for text in texts {
            let bytes = Array(text.text.utf8)
            let start = channels[text.channel]?.end ?? 0
            pieces.append(Piece(channel: text.channel, start: start, bytes: bytes))
            channels[text.channel, default: RedactionChannel(isStream: text.isStream)].read(bytes, by: &redactor)
            count += bytes.count
        }
        waiting.append(Waiting(pieces: pieces, bytes: count))
        bytes += count
    }

    /// Decides all that is waiting as it stands.
    package mutating func settle(by redactor: inout Redactor) {
        guard !isEmpty else { return }
        for number in channels.keys { channels[number]?.settle(by: &redactor) }
    }

    /// The next event's texts as they may be written down; nil where they are not decided.
    package mutating func next(by redactor: borrowing Redactor) -> [String]? {
        guard !isEmpty else { return nil }
        let next = waiting[first]
        // A channel that is not there any more has given out all that it had: an empty text is left of it at most.
        for piece in next.pieces {
            if let channel = channels[piece.channel], piece.start + piece.bytes.count > channel.decided { return nil }
        }
        let texts = next.pieces.map { piece in
            channels[piece.channel]?.take(piece.bytes, at: piece.start, by: redactor) ?? ""
        }
        for piece in next.pieces where channels[piece.channel]?.isAtRest == true {
            channels[piece.channel] = nil
        }
        bytes -= next.bytes
        first += 1
        if first == waiting.count || first > 1024 {
            waiting.removeFirst(first)
            first = 0
        }
        if isEmpty, channels.count > Self.mostChannels { channels = channels.filter(\.value.isStream) }
        return texts
    }
}
