/// What psrun can be asked to do.
package enum Verb: String, Sendable, Hashable, CaseIterable {
    case run, replay, list, show, recover, endpoint, completions, manual, help, version
}
