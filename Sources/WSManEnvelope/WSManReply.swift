package import CLIXML

/// An answer's envelope: which request it answers, and what it says.
///
/// CLIXML's reader of XML reads it. It is strict (UTF-8, no DTD, one element, tags that match, no attribute twice) and one
/// pass over the bytes; depth, elements and bytes are bounded here.
package struct WSManReply: Sendable, Hashable {
    /// `wsa:RelatesTo`: the request's MessageID; nil where there is none, as in a fault to what could not be read.
    package let relatesTo: PSGuid?
    package let answer: WSManAnswer

    package init(relatesTo: PSGuid?, answer: WSManAnswer) {
        self.relatesTo = relatesTo
        self.answer = answer
    }

    /// - Parameter operation: what was asked: it says which body is expected.
    package init(
        _ bytes: [UInt8],
        to operation: WSManOperation,
        limits: EnvelopeLimits = EnvelopeLimits()
    ) throws(EnvelopeError) {
        guard bytes.count <= limits.largestAnswer else {
            throw EnvelopeError(.tooLarge, "an answer of more than \(limits.largestAnswer) bytes")
        }
        let result: Result<WSManReply, EnvelopeError>
        do throws(CLIXMLError) {
            // Sealed texts may have been filled up.
            let text = bytes.last == 0 ? Array(bytes[..<(1 + (bytes.lastIndex { $0 != 0 } ?? -1))]) : bytes
            var reader = AnswerReader(
                xml: try XMLReader(text, depth: limits.depth, elements: limits.elements),
                textLimit: limits.faultText
            )
            result = try reader.read(operation)
        } catch {
            throw EnvelopeError(error)
        }
        self = try result.get()
    }
}

extension EnvelopeLimits {
    /// Bytes of an answer: a server counts its envelope's bytes before they are sealed, or not at all.
    package var largestAnswer: Int { envelope / 3 * 4 + (4 << 10) }
}
