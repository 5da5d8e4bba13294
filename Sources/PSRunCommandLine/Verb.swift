/// What psrun can be asked to do.
package enum Verb: String, Sendable, Hashable, CaseIterable {
    case run, blocks, targets, processes, replay, follow, list, show, search, diff, export, recover, verify, prove,
        prune
    case endpoint
    case completions, manual, help, version
}
