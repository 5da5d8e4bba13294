/// One test of a Match line (ssh_config(5)).
struct MatchCriterion: Sendable, Hashable {
    enum Test: Sendable, Hashable {
        case all
        /// The files are read a second time, which it asks for.
        case final
        /// The same, where something else asks for it.
        case canonical
        case host([HostPattern])
        case originalHost([HostPattern])
        case user([HostPattern])
        case localUser([HostPattern])
        /// What psrun does not ask, by name: `exec` runs a command.
        case unsupported(String)
        case nothing
    }

    let test: Test
    let isNegated: Bool

    static let never = MatchCriterion(test: .nothing, isNegated: false)

    struct Unreadable: Error {
        let reason: String
    }

    /// The tests of a Match line's words.
    static func criteria(of words: [String]) throws(Unreadable) -> [MatchCriterion] {
        var criteria: [MatchCriterion] = []
        var words = words[...]
        while let word = words.popFirst() {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let isNegated = word.hasPrefix("!")
            let name = (parts.first ?? "").dropFirst(isNegated ? 1 : 0).lowercased()
            let test: Test
            switch name {
            case "all": test = .all
            case "final": test = .final
            case "canonical": test = .canonical
            case "host", "originalhost", "user", "localuser", "exec", "tagged", "localnetwork", "version", "command",
                "sessiontype":
                guard let argument = parts.count > 1 ? String(parts[1]) : words.popFirst() else {
                    throw Unreadable(reason: "Match \(name) has no value")
                }
                test = Self.test(name, argument)
            default: throw Unreadable(reason: "`Match \(name)` is not known")
            }
            criteria.append(MatchCriterion(test: test, isNegated: isNegated))
        }
        return criteria
    }

    private static func test(_ name: String, _ argument: String) -> Test {
        let patterns = [HostPattern](list: argument)
        return switch name {
        case "host": .host(patterns)
        case "originalhost": .originalHost(patterns)
        case "user": .user(patterns)
        case "localuser": .localUser(patterns)
        default: .unsupported(name)
        }
    }
}
