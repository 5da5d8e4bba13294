import Configuration
import PSRunCommandLine

/// The hosts of a run by what they have of their own: hosts that are in the same groups of settings are of one kind.
struct HostKinds: Sendable {
    private let settings: HostSettings
    /// What the kinds have that were met, in order; the first one's number is 1.
    private(set) var found: [HostChoices] = []
    private var numbers: [[[Int]]: Int] = [:]
    /// The groups that hosts have to be looked up in.
    let groupNames: [String]

    init(_ settings: HostSettings) {
        self.settings = settings
        groupNames = settings.groupNames
    }

    /// A host's number and what it has; 0 and nil where that is what all hosts have.
    /// - Throws: CommandFailure, usage.
    mutating func kind(of host: ConfiguredHost) throws(CommandFailure) -> (number: Int, own: HostChoices?) {
        guard settings.hasGroups else { return (0, nil) }
        let kind = settings.kind(of: host)
        if let number = numbers[kind] { return (number, number == 0 ? nil : found[number - 1]) }
        do throws(UsageError) {
            guard let choices = try settings.choices(of: kind) else {
                numbers[kind] = 0
                return (0, nil)
            }
            found.append(choices)
            numbers[kind] = found.count
            return (found.count, choices)
        } catch {
            throw CommandFailure(.usage, error.message)
        }
    }
}
