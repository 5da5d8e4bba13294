/// A system that starts many processes of one job and tells each which one it is, by its environment.
package enum BatchSystem: String, Sendable, Hashable, CaseIterable {
    case slurm = "Slurm"
    case kubernetes = "Kubernetes"
    case nomad = "Nomad"
    case gitLab = "GitLab"

    /// The variable by which it is known.
    var variable: String {
        switch self {
        case .slurm: "SLURM_ARRAY_TASK_ID"
        case .kubernetes: "JOB_COMPLETION_INDEX"
        case .nomad: "NOMAD_ALLOC_INDEX"
        case .gitLab: "CI_NODE_INDEX"
        }
    }

    /// What it says of this process; nil where it did not start it.
    ///
    /// Sources: Slurm 22.05's job arrays as `sbatch --array` was seen to set them (`1-10:3` is COUNT 4, MIN 1, MAX 10, STEP 3;
    /// `0,2,4,6` is STEP 1), Kubernetes' indexed jobs, Nomad's runtime environment, GitLab's `parallel` (counts from 1).
    func task(in environment: [String: String]) throws(BatchFailure) -> BatchTask? {
        guard environment[variable] != nil else { return nil }
        switch self {
        case .slurm: return try slurm(environment)
        case .kubernetes:
            let index = try Self.variable("JOB_COMPLETION_INDEX", environment)
            return BatchTask(system: self, number: index, index: index, count: nil)
        case .nomad:
            let index = try Self.variable("NOMAD_ALLOC_INDEX", environment)
            return BatchTask(system: self, number: index, index: index, count: nil)
        case .gitLab:
            let number = try Self.variable("CI_NODE_INDEX", environment)
            let count = try Self.variable("CI_NODE_TOTAL", environment)
            return BatchTask(system: self, number: number, index: number - 1, count: count)
        }
    }

    private func slurm(_ environment: [String: String]) throws(BatchFailure) -> BatchTask {
        let number = try Self.variable("SLURM_ARRAY_TASK_ID", environment)
        let first = try Self.variable("SLURM_ARRAY_TASK_MIN", environment)
        let last = try Self.variable("SLURM_ARRAY_TASK_MAX", environment)
        let step = max(1, try Self.variable("SLURM_ARRAY_TASK_STEP", environment))
        let count = try Self.variable("SLURM_ARRAY_TASK_COUNT", environment)
        guard first <= number, number <= last, (last - first) / step + 1 == count, (number - first).isMultiple(of: step)
        else { throw .holes(first: first, last: last, step: step, count: count) }
        return BatchTask(system: self, number: number, index: (number - first) / step, count: count)
    }

    /// A variable's number.
    private static func variable(_ name: String, _ environment: [String: String]) throws(BatchFailure) -> Int {
        guard let value = environment[name] else { throw .missing(name) }
        guard 1...9 ~= value.utf8.count, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(value)
        else { throw .malformed(name: name, value: value) }
        return number
    }
}

/// Which of a job's processes this one is.
package struct BatchTask: Sendable, Hashable {
    let system: BatchSystem
    /// As the system has it.
    let number: Int
    /// From 0.
    let index: Int
    /// nil where the system does not say.
    let count: Int?

    /// The one task that the environment tells of.
    static func only(in environment: [String: String]) throws(BatchFailure) -> BatchTask {
        var tasks: [BatchTask] = []
        for system in BatchSystem.allCases {
            if let task = try system.task(in: environment) { tasks.append(task) }
        }
        guard let task = tasks.first else { throw .none }
        guard tasks.count == 1 else { throw .several(tasks.map(\.system)) }
        return task
    }

    /// nil where it takes a count that the system does not give.
    var ownShard: Shard? { count.flatMap { Shard(index, of: $0) } }

    /// - Parameter given: the count that the user gave.
    func shard(of given: Int?) throws(BatchFailure) -> Shard {
        if let given, let count, given != count { throw .otherCount(system, count, given: given) }
        guard let count = given ?? count else { throw .countMissing(system) }
        guard let shard = Shard(index, of: count) else { throw .outside(system, number: number, count: count) }
        return shard
    }
}
