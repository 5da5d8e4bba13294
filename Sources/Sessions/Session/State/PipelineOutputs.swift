import CLIXML
import PSRP

/// What a pipeline that is not a step's has put out, up to a bound: texts, numbers and Booleans, which are all that is asked
/// for, and null for anything else.
struct PipelineOutputs: Sendable {
    private static var most: Int { 1000 }
    /// Of all texts together, as UTF-8: one message's worth. A text that would be more than that is null.
    private static var mostBytes: Int { SessionLimits.ofClient.messageBytes }

    private(set) var values: [PSValue] = []
    private var bytes = 0

    mutating func append(_ value: PSValue) {
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
