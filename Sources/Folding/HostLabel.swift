import NodeSets

/// Targets in one text that `-w` reads back.
package enum HostLabel {
    /// `web[01-03,07],db01`. Names that no node set can hold, such as addresses in brackets, stand behind the others as they
    /// are.
    package static func text(_ names: [String]) -> String {
        guard names.count > 1 else { return names.first ?? "" }
        var plain: [String] = []
        var others: [String] = []
        for name in names {
            if NodeSet.canBeWritten(name) { plain.append(name) } else { others.append(name) }
        }
        return ([NodeSet(names: plain).folded] + others).filter { !$0.isEmpty }.joined(separator: ",")
    }
}
