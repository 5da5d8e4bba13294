/// `psrun merge RUN RUN…`: the shards of a run, put together.
package struct MergeInvocation: Sendable, Hashable {
    package enum Format: String, Sendable, Hashable, CaseIterable {
        case text, json, jsonl, junit
    }

    /// Runs, as every verb takes them.
    package var runs: [String] = []
    /// Whether shards may be missing.
    package var isPartial = false
    package var format = Format.text
    package var seal = SealSettings()
    package var recordings: String?

    package init() {}
}
