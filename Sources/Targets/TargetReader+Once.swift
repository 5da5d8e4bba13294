package import Fleet
package import PSRunCommandLine
import SSHTransport

extension TargetReader {
    /// A target that was named more than once.
    package struct Duplicate: Sendable, Hashable {
        /// What the session that is entered is called.
        let name: String
        /// The other spellings, or the same again.
        var others: [String]

        package var remark: String {
            let some = others.prefix(3).joined(separator: ", ") + (others.count > 3 ? "…" : "")
            return "\(name) is named more than once (\(some)): one session is entered"
        }
    }

    /// The targets without those that lead to the same session as an earlier one: two sessions would run the playbook
    /// twice at once on that host, and nobody could tell their recordings apart.
    ///
    /// Only targets of one host name are compared, by all that the SSH configuration says of them. Blocks for as long as
    /// its files take, and only where there are such targets.
    package static func once(
        _ all: [RunTarget],
        _ selection: TargetSelection
    ) -> (targets: [RunTarget], duplicates: [Duplicate]) {
        let places = Dictionary(grouping: all.indices) { all[$0].hostKey }.values.filter { $0.count > 1 }
        guard !places.isEmpty, case .ssh(_, let choices) = selection else { return (all, []) }
        let routes = SSHRoutes(options: choices.forTransport)
        var (dropped, duplicates): (Set<Int>, [Int: Duplicate]) = ([], [:])
        for group in places {
            let targets = group.compactMap { index in
                if case .ssh(let target) = all[index].place { (index, target) } else { nil }
            }
            var first: [SSHRoutes.Route: Int] = [:]
            for ((index, _), route) in zip(targets, routes.routes(to: targets.map(\.1))) {
                guard let earlier = first[route] else {
                    first[route] = index
                    continue
                }
                dropped.insert(index)
                duplicates[earlier, default: Duplicate(name: all[earlier].name, others: [])].others
                    .append(all[index].name)
            }
        }
        return (
            all.indices.filter { !dropped.contains($0) }.map { all[$0] },
            duplicates.sorted { $0.key < $1.key }.map(\.value)
        )
    }
}

extension TargetReader {
    /// The same of targets with what their sources say of them.
    package static func once(
        _ all: [SelectedTarget],
        _ hosts: HostSelection,
        _ choices: SSHChoices,
        tell: (Duplicate) -> Void
    ) -> [SelectedTarget] {
        let (left, duplicates) = once(all.map(\.target), .ssh(hosts, choices))
        for duplicate in duplicates { tell(duplicate) }
        let kept = Set(left)
        var seen: Set<RunTarget> = []
        return all.filter { kept.contains($0.target) && seen.insert($0.target).inserted }
    }
}

extension RunTarget {
    /// What two names of one host have in common.
    fileprivate var hostKey: String {
        switch place {
        case .local, .pipe: name
        case .ssh(let target): SSHRoutes.plain(target.host)
        }
    }
}
