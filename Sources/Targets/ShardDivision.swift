package import PSRunCommandLine
package import Sharding

/// Which of the targets a run has.
package struct ShardDivision: Sendable, Hashable {
    /// nil for all of them.
    package let shard: Shard?
    /// All targets' names, in the order of the selection.
    package let names: [String]
    /// Where those of the shard stand among them.
    package let positions: [Int]

    /// - Throws: CommandFailure, usage: the environment does not tell the shard.
    package init(
        _ request: ShardRequest?,
        of names: [String],
        environment: [String: String]
    ) throws(CommandFailure) {
        self.names = names
        guard let request else {
            (shard, positions) = (nil, Array(names.indices))
            return
        }
        do throws(BatchFailure) {
            let shard = try request.shard(environment: environment)
            (self.shard, positions) = (shard, shard.positions(in: names))
        } catch {
            throw CommandFailure(.usage, "--shard: \(printable(error.message))")
        }
    }

    /// - Parameter all: what the names are of.
    package func part<Element>(of all: [Element]) -> [Element] { positions.map { all[$0] } }

    /// What to say of it, an empty part above all: it is not an error, and not nothing that happened.
    package var remark: String? {
        guard let shard else { return nil }
        let of = names.count == 1 ? "the one target" : "the \(names.count) targets"
        return positions.isEmpty
            ? "shard \(shard.text) has none of \(of): there is nothing to do"
            : "shard \(shard.text): \(positions.count) of \(of)"
    }
}
