/// Which way into a session the given parameters mean.
package enum ParameterSetResolution: Sendable, Hashable {
    /// A session on this computer.
    case local
    case set(ParameterSet)
    /// No set has all of them; these two are the first that share none, or the first and the last.
    case conflict(String, String)
    /// The set that is meant lacks these; `alternatives` are the mandatory ones of the other sets that would fit.
    case missing([String], in: ParameterSet, alternatives: [String])

    /// Resolves as PowerShell does: the sets that hold every parameter given; of several, the default one.
    ///
    /// - Parameter given: the names and sets of what was given, in order; what goes with any target left out.
    package static func resolve(_ given: [(name: String, sets: [ParameterSet])]) -> ParameterSetResolution {
        let names = Set(given.map(\.name))
        if names.isSubset(of: PowerShellDeviation.localParameters) { return .local }

        let candidates = ParameterSet.allCases.filter { set in given.allSatisfy { $0.sets.contains(set) } }
        guard let meant = candidates.contains(.default) ? .default : candidates.first else {
            return conflict(in: given)
        }
        let missing = meant.mandatory.filter { !names.contains($0) }
        guard !missing.isEmpty else { return .set(meant) }
        let others = candidates.filter { $0 != meant }.flatMap { $0.mandatory.prefix(1) }
        return .missing(missing, in: meant, alternatives: others.filter { !names.contains($0) })
    }

    private static func conflict(in given: [(name: String, sets: [ParameterSet])]) -> ParameterSetResolution {
        for (index, first) in given.enumerated() {
            for second in given[index...] where Set(first.sets).isDisjoint(with: second.sets) {
                return .conflict(first.name, second.name)
            }
        }
        return .conflict(given.first?.name ?? "", given.last?.name ?? "")
    }
}
