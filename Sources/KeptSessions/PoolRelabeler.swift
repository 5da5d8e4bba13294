import CLIXML
import PSRP

/// Puts other names into the messages of a pipeline's stream of fragments, cut anywhere, without putting messages together.
///
/// A message's header names its pool and its pipeline (MS-PSRP 2.2.1): bytes 8 to 39. A visitor chooses them for itself, and
/// the held side knows both by its own. Nothing else of a pipeline's stream differs between the two.
struct PoolRelabeler: Sendable {
    /// A fragment's header as far as it has come.
    private var header: [UInt8] = []
    /// Bytes of the fragment's content that are still to come.
    private var left = 0
    /// How many bytes of the message have come, where this fragment is its first one; nil in a later one.
    private var messageOffset: Int?

    /// The type of the message that is passing, as far as it has come, from its highest byte on.
    private var type: UInt32 = 0
    /// Whether a pipeline's state has passed: nothing follows it.
    private(set) var hasState = false
    /// Whether all that creates a pipeline has passed.
    private(set) var hasCreation = false
    /// Whether this fragment is its message's last one.
    private var endsMessage = false

    private static let creations = [MessageType.createPipeline, .getCommandMetadata].map(\.rawValue)
    private static let typePlace = 4..<8
    private static let place = 8..<40
    private static let longest = 1 << 30

    /// - Parameter label: both GUIDs, the pool's first, in the order of a header.
    /// - Throws: `.malformedFragment`
    mutating func relabel(_ bytes: inout [UInt8], as label: [UInt8]) throws(PSRPError) {
        var at = 0
        while at < bytes.count {
            if left == 0 {
                let taken = min(Fragment.headerSize - header.count, bytes.count - at)
                header += bytes[at..<(at + taken)]
                at += taken
                guard header.count == Fragment.headerSize else { return }
                left = header[17..<21].reduce(0) { $0 << 8 | Int($1) }
                messageOffset = header[16] & 1 == 1 ? 0 : nil
                endsMessage = header[16] & 2 == 2
                header = []
                guard left > 0, left < Self.longest else {
                    throw PSRPError(.malformedFragment, "A fragment of \(left) bytes was received.")
                }
            }
            let taken = min(left, bytes.count - at)
            if let offset = messageOffset {
                let here = offset..<(offset + taken)
                for position in here.clamped(to: Self.typePlace) {
                    type = type >> 8 | UInt32(bytes[at + position - offset]) << 24
                    if position == Self.typePlace.upperBound - 1, type == MessageType.pipelineState.rawValue {
                        hasState = true
                    }
                }
                for position in here.clamped(to: Self.place) {
                    bytes[at + position - offset] = label[position - Self.place.lowerBound]
                }
                messageOffset = offset + taken
            }
            at += taken
            left -= taken
            if left == 0, endsMessage, Self.creations.contains(type) { hasCreation = true }
        }
    }
}
