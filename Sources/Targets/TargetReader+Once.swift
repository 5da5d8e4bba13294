import Fleet
package import PSRunCommandLine
import SSHTransport
import WinRMParameters

extension TargetReader {
    /// A target that was named more than once.
    package struct Duplicate: Sendable, Hashable {
        /// Whether one session is entered for all of them. A pattern of ssh_config may lead many names to one machine, and
        /// then each is a target.
        var isOne = true
        /// The one whose session is entered, as it was written.
        let name: String
        /// The others, or the same again, as they were written.
        var others: [String]

        package var remark: String {
            let some = others.prefix(3).joined(separator: ", ") + (others.count > 3 ? "…" : "")
            return isOne
                ? "\(name) is named more than once (\(some)): one session is entered"
                : "\(name) and others (\(some)) lead to one machine, by a pattern of ssh_config: each is entered"
        }
    }

    /// The targets without those that lead to the same session as an earlier one: two sessions would run the playbook
    /// twice at once on that host, and nobody could tell their recordings apart.
    ///
    /// The SSH configuration decides, which may have several names for one machine. Blocks for as long as its files take.
    package static func once(
        _ all: [SelectedTarget],
        _ selection: TargetSelection
    ) -> (targets: [SelectedTarget], duplicates: [Duplicate]) {
        guard all.count > 1 else { return (all, []) }
        let choices = if case .ssh(_, let choices) = selection { choices } else { SSHChoices() }
        let routes = SSHRoutes(options: choices.forTransport)
        var places: [String: Int] = [:]
        for target in all { places[target.hostKey, default: 0] += 1 }
        var (kept, duplicates): ([SelectedTarget], [Int: Duplicate]) = ([], [:])
        var first: [Way: Int] = [:]
        var machines: [SSHRoutes.Machine: Int] = [:]
        var together: [Int: Duplicate] = [:]
        for target in all {
            guard routes.mayRename || places[target.hostKey] != 1 else {
                kept.append(target)
                continue
            }
            let way: Way =
                switch target.target.place {
                case .local, .pipe, .kept, .container, .machine: .local(target.target.name)
                case .winRM(let place): .local(place.route)
                case .ssh(let target): .ssh(routes.route(to: target))
                }
            guard let earlier = first[way] else {
                first[way] = kept.count
                if case .ssh(let route) = way {
                    if let other = machines[route.machine] {
                        together[other, default: Duplicate(isOne: false, name: kept[other].typed, others: [])].others
                            .append(target.typed)
                    } else {
                        machines[route.machine] = kept.count
                    }
                }
                kept.append(target)
                continue
            }
            duplicates[earlier, default: Duplicate(name: kept[earlier].typed, others: [])].others.append(target.typed)
        }
        let remarks = [duplicates, together].flatMap { $0.sorted { $0.key < $1.key }.map(\.value) }
        return (kept, remarks)
    }

    private enum Way: Hashable {
        case local(String)
        case ssh(SSHRoutes.Route)
    }
}

extension SelectedTarget {
    /// What two names of one host have in common, where no name leads to another one.
    fileprivate var hostKey: String {
        switch target.place {
        case .local, .pipe, .kept, .container, .machine: target.name
        case .winRM(let place): place.route
        case .ssh(let target): SSHRoutes.plain(target.host)
        }
    }
}
