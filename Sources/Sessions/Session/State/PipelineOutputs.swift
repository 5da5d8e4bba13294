import CLIXML

/// What a pipeline that is not a step's has put out, up to a bound.
struct PipelineOutputs: Sendable {
    private static var most: Int { 1000 }

    private(set) var values: [PSValue] = []

    mutating func append(_ value: PSValue) {
        if values.count < Self.most { values.append(value) }
    }
}
