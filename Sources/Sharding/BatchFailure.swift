/// Why the environment does not tell which shard this is.
package enum BatchFailure: Error, Sendable, Hashable {
    /// No batch system is known by the environment.
    case none
    /// More than one is, as of Slurm within Kubernetes.
    case several([BatchSystem])
    /// The system says which task this is, and not of how many.
    case countMissing(BatchSystem)
    /// The user and the system do not agree: a part of an array that was submitted again has numbers of its own.
    case otherCount(BatchSystem, Int, given: Int)
    /// Slurm's array is a list with holes, so that a task's number does not tell its place.
    case holes(first: Int, last: Int, step: Int, count: Int)
    case missing(String)
    case malformed(name: String, value: String)
    /// The task's number is not within the count.
    case outside(BatchSystem, number: Int, count: Int)
    /// The user gave the system's own number, which does not count from 0.
    case otherNumbering(BatchSystem, given: Shard, meant: Shard)

    /// A sentence, without the option's name; values come as they are.
    package var message: String {
        switch self {
        case .none:
            let names = BatchSystem.allCases.map(\.variable).joined(separator: ", ")
            return "auto reads \(names), and none of them is set: give I/N, counted from 0."
        case .several(let systems):
            let names = systems.map(\.rawValue).joined(separator: " and ")
            return "auto finds the variables of \(names), which may mean different shards: give I/N."
        case .countMissing(let system):
            return "\(system.rawValue) says which task this is, and not of how many: give auto/N."
        case .otherCount(let system, let count, let given):
            return "auto/\(given) is given, and \(system.rawValue) has \(count) tasks here. "
                + "Of a part that is run again the numbers do not tell which shard is meant: give I/\(given)."
        case .holes(let first, let last, let step, let count):
            return "the array has \(count) tasks between \(first) and \(last) in steps of \(step): it is a list with "
                + "holes, so that a task's number does not tell which shard it is. Give I/N."
        case .missing(let name): return "\(name) is not set, so that nobody knows which shard this is: give I/N."
        case .malformed(let name, let value): return "\(name) is '\(value)', which is not a number: give I/N."
        case .outside(let system, let number, let count):
            return "\(system.rawValue) calls this task \(number), which is not one of \(count) shards: give I/N."
        case .otherNumbering(let system, let given, let meant):
            return "\(given.text) is ambiguous: it is \(system.rawValue)'s own number for this task, and as a shard, "
                + "counted from 0, this task is \(meant.text). Give \(meant.text), or auto. If \(given.text) is meant, "
                + "unset \(system.variable)."
        }
    }
}
