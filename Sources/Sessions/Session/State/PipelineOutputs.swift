import CLIXML
import PSRP

/// What a pipeline that is not a step's has put out, up to a bound: texts, numbers and Booleans, which are all that is asked
/// for, and null for anything else.
struct PipelineOutputs: Sendable {
    private static var most: Int { 1000 }
    /// Of all texts together, as UTF-8: one message's worth. A text that would be more than that is null.
    private static var mostBytes: Int { SessionLimits.ofClient.messageBytes }
    /// Of all that comes, what is not kept included.
    static var mostSentBytes: Int { 4 * mostBytes }

    /// What an object counts for, of which no byte is kept.
    private static var objectBytes: Int { 4 << 10 }

    private(set) var values: [PSValue] = []
    private var bytes = 0
    private var sentBytes = 0

    /// - Throws: `.limit` where it is more than anything that was asked for.
    mutating func append(_ value: PSValue) throws(PSRPError) {
        let size =
            switch value.unwrapped {
            case .string(let text): text.text.utf8.count
            case .bytes(let bytes), .secureString(let bytes): bytes.count
            default: Self.objectBytes
            }
        guard size <= Self.mostSentBytes - sentBytes else {
            throw PSRPError(
                .limit,
                "The far side answered psrun's question for the prompt with more than \(Self.mostSentBytes >> 20) MiB."
            )
        }
        sentBytes += max(size, 1)
        if values.count < Self.most { values.append(kept(of: value)) }
    }

    private mutating func kept(of value: PSValue) -> PSValue {
        switch value.unwrapped {
        case .string(let text):
            let size = text.text.utf8.count
            guard bytes + size <= Self.mostBytes else { return .null }
            bytes += size
            return .string(text)
        case .bool(let bool): return .bool(bool)
        case .int32(let number): return .int32(number)
        default: return .null
        }
    }
}
