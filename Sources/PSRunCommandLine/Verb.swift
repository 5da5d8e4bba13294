/// What psrun can be asked to do.
package enum Verb: String, Sendable, Hashable, CaseIterable {
    case run, resume, rerun, blocks, targets, processes, session, schedule
    case replay, follow, list, show, search, diff, export, merge
    case recover, verify, prove, prune
    case config, endpoint, completions, manual, help, version
}
