/// What `--shard` says.
package enum ShardRequest: Sendable, Hashable {
    /// `I/N`.
    case given(Shard)
    /// `auto` or `auto/N`: the batch system's variables say which, and of how many where they know.
    case automatic(count: Int?)

    /// Why a text is none.
    package struct Refusal: Error, Sendable, Hashable {
        /// A sentence, without the option's name.
        package let why: String
    }

    package init(_ text: String) throws(Refusal) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if parts[0].lowercased() == "auto" {
            guard parts.count < 3 else { throw Self.unreadable }
            guard parts.count == 2 else {
                self = .automatic(count: nil)
                return
            }
            let count = try Self.number(parts[1])
            guard Shard(0, of: count) != nil else { throw Self.badCount(count) }
            self = .automatic(count: count)
            return
        }
        guard parts.count == 2 else { throw Self.unreadable }
        let (index, count) = (try Self.number(parts[0]), try Self.number(parts[1]))
        guard Shard(0, of: count) != nil else { throw Self.badCount(count) }
        guard let shard = Shard(index, of: count) else {
            throw Refusal(
                why: "shards count from 0, so the last of \(count) is \(count - 1)/\(count). "
                    + "Where yours count from 1, take 1 from each: the first of \(count) is 0/\(count)."
            )
        }
        self = .given(shard)
    }

    private static let unreadable = Refusal(
        why: "it takes I/N, shard I of N, counted from 0; auto; or auto/N."
    )

    private static func badCount(_ count: Int) -> Refusal {
        Refusal(why: "there can be 1 to \(Shard.mostShards) shards, and not \(count).")
    }

    private static func number(_ digits: Substring) throws(Refusal) -> Int {
        let isNumber = 1...9 ~= digits.utf8.count && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isNumber, let number = Int(digits) else { throw unreadable }
        return number
    }

    /// The shard that is meant.
    /// - Throws: BatchFailure where the environment does not tell, or tells of another count or numbering.
    package func shard(environment: [String: String]) throws(BatchFailure) -> Shard {
        switch self {
        case .automatic(let count): return try BatchTask.only(in: environment).shard(of: count)
        case .given(let shard):
            for system in BatchSystem.allCases {
                // What a system's variables do not tell is none of a user's business who names the shard.
                guard let task = try? system.task(in: environment), let own = task.ownShard, own != shard else {
                    continue
                }
                // `--shard $ID/$COUNT`, by a system that does not count from 0.
                if task.number == shard.index, task.count == shard.count {
                    throw .otherNumbering(system, given: shard, meant: own)
                }
            }
            return shard
        }
    }
}
