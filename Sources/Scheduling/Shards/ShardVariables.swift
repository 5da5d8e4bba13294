/// The part that a batch system gave to this process, by its environment.
///
/// Sources: Slurm 22.05's job arrays as `sbatch --array` was seen to set them (`1-10:3` is COUNT 4, STEP 3; `0,2,4,6` is STEP
/// 1), Kubernetes' indexed jobs (JOB_COMPLETION_INDEX), Nomad's NOMAD_ALLOC_INDEX.
package enum ShardVariables {
    package enum Failure: Error, Sendable, Hashable {
        /// No batch system is known by the environment.
        case none
        /// The batch system says which part this is, and not of how many; `--shard auto/N` says it.
        case countMissing(system: String)
        /// An array that is a list has holes, so that an index says nothing of a part.
        case list(String)
        /// A variable's value is not what its batch system writes.
        case malformed(name: String, value: String)

        package var message: String {
            switch self {
            case .none:
                "no batch system has set its variables (SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX, NOMAD_ALLOC_INDEX); give I/N"
            case .countMissing(let system):
                "\(system) says which part this is, and not of how many; give auto/N"
            case .list(let array):
                "the array \(array) is a list with holes, so that its task numbers do not count parts; give I/N"
            case .malformed(let name, let value): "\(name) is \(value), which is not a number"
            }
        }
    }

    /// - Parameter count: where the user gave it.
    package static func shard(
        _ environment: [String: String],
        count: Int?
    ) throws(Failure) -> Shard {
        if environment["SLURM_ARRAY_TASK_ID"] != nil { return try slurm(environment, count) }
        for (name, system) in [("JOB_COMPLETION_INDEX", "Kubernetes"), ("NOMAD_ALLOC_INDEX", "Nomad")]
        where environment[name] != nil {
            let index = try number(name, environment)
            guard let count else { throw .countMissing(system: system) }
            guard let shard = Shard(index, of: count) else {
                throw .malformed(name: name, value: "\(index), of \(count)")
            }
            return shard
        }
        throw .none
    }

    private static func slurm(_ environment: [String: String], _ given: Int?) throws(Failure) -> Shard {
        let id = try number("SLURM_ARRAY_TASK_ID", environment)
        let (first, last) = (
            try number("SLURM_ARRAY_TASK_MIN", environment), try number("SLURM_ARRAY_TASK_MAX", environment)
        )
        let step = max(1, try number("SLURM_ARRAY_TASK_STEP", environment))
        let count = try number("SLURM_ARRAY_TASK_COUNT", environment)
        guard last >= first, (last - first) / step + 1 == count, id >= first, (id - first).isMultiple(of: step) else {
            throw .list("\(first)-\(last):\(step), of \(count) tasks")
        }
        guard let shard = Shard((id - first) / step, of: given ?? count) else {
            throw .malformed(name: "SLURM_ARRAY_TASK_ID", value: "\(id)")
        }
        return shard
    }

    private static func number(_ name: String, _ environment: [String: String]) throws(Failure) -> Int {
        let value = environment[name] ?? ""
        guard !value.isEmpty, value.count <= 9, value.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(value)
        else { throw .malformed(name: name, value: value.isEmpty ? "not set" : value) }
        return number
    }
}
