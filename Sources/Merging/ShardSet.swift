package import Recording
import RecordingFormat

/// Recordings that are shards of one run, each once, in the order of their numbers.
package struct ShardSet: Sendable {
    struct Member: Sendable {
        let run: RecordedRun
        let manifest: Manifest
        let shard: RecordedShard
    }

    let members: [Member]
    let count: Int
    let selection: RecordedSelection

    /// Compares what their manifests say, and reads nothing else.
    /// - Parameter isPartial: whether shards may be missing.
    /// - Throws: MergeRefusal for what is not a shard, for a missing one, for two of the same number, and for shards of different
    ///   runs.
    package init(_ runs: [RecordedRun], isPartial: Bool) throws(MergeRefusal) {
        var members: [Member] = []
        for run in runs { members.append(try Member(run)) }
        guard let first = members.first else { throw MergeRefusal("There is nothing to merge: name the shards' runs.") }
        for member in members.dropFirst() { try member.requireSameRun(as: first) }
        members.sort { $0.shard.index < $1.shard.index }
        for (one, other) in zip(members, members.dropFirst()) where one.shard.index == other.shard.index {
            let isSame = one.run.folder == other.run.folder
            let names = isSame ? "\(one.run.name), twice, is" : "\(one.run.name) and \(other.run.name) are both"
            throw MergeRefusal(
                "\(names) shard \(one.shard.text): a target cannot count twice. Name each shard once."
            )
        }
        (self.members, count, selection) = (members, first.shard.count, first.shard.selection)
        let missing = missing
        guard missing.isEmpty || isPartial else {
            let some = missing.prefix(10).map { "\($0)/\(count)" }.joined(separator: ", ")
            let rest = missing.count > 10 ? " and \(missing.count - 10) more" : ""
            throw MergeRefusal(
                "\(missing.count == 1 ? "A shard is" : "\(missing.count) shards are") missing: \(some)\(rest). "
                    + "Name all of them, or merge what is there with --partial."
            )
        }
    }

    /// The numbers of the shards that are not there.
    package var missing: [Int] {
        let present = Set(members.map(\.shard.index))
        return (0..<count).filter { !present.contains($0) }
    }
}

extension ShardSet.Member {
    fileprivate init(_ run: RecordedRun) throws(MergeRefusal) {
        do throws(RecordingError) { try run.requireSealed() } catch { throw MergeRefusal(error) }
        guard let manifest = run.manifest, let shard = manifest.shard else {
            let what = run.manifest?.merge == nil ? "the whole of a run, and not a shard of one" : "merged already"
            throw MergeRefusal("\(run.name) is \(what). `psrun merge` takes runs that --shard divided.")
        }
        let (start, length) = (manifest.startedSeconds, manifest.durationMicroseconds)
        guard TarHeader.times.contains(start), (0..<1 << 53).contains(length) else {
            throw MergeRefusal("\(run.name) has times that no run has. `psrun verify \(run.folder)` tells more.")
        }
        (self.run, self.manifest, self.shard) = (run, manifest, shard)
    }

    fileprivate func requireSameRun(as first: ShardSet.Member) throws(MergeRefusal) {
        func refusal(_ what: String) -> MergeRefusal {
            MergeRefusal("\(run.name) and \(first.run.name) are not shards of one run: \(what).")
        }
        guard manifest.playbookName == first.manifest.playbookName else {
            throw refusal("their playbooks are \(manifest.playbookName) and \(first.manifest.playbookName)")
        }
        guard shard.count == first.shard.count else {
            throw refusal("one is \(shard.text), the other \(first.shard.text)")
        }
        guard shard.selection == first.shard.selection else {
            let counts = (shard.selection.targets, first.shard.selection.targets)
            throw refusal(
                counts.0 == counts.1
                    ? "they had different selections of \(counts.0) targets, or in another order"
                    : "one had a part of \(counts.0) targets, the other of \(counts.1)"
            )
        }
    }
}
