import Sharding

extension RunOptions {
    /// Which part of the hosts is meant.
    static let shard = CommandOption(
        sets: [.sshHost],
        long: "shard",
        .shard,
        in: .target,
        help: """
            Take only shard I of N of the hosts, counted from 0: each host belongs to one of 0/N to N-1/N, by its name. \
            'auto' takes it from Slurm's array, or GitLab's parallel job; 'auto/N' from a Kubernetes indexed job, or \
            Nomad's allocation.
            """
    ) { $0.shard = $1 }
}

extension ValueType<ShardRequest> {
    static let shard = ValueType("I/N", completes: .words(["auto"])) { (text) throws(ValueError) in
        do throws(ShardRequest.Refusal) {
            return try ShardRequest(text)
        } catch {
            throw ValueError(why: error.why)
        }
    }
}
