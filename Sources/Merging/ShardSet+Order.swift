import Recording
import RecordingFormat

extension ShardSet {
    /// The entries of all shards in the order of the selection that was divided.
    /// - Parameter recordings: the members', open, in their order.
    /// - Throws: MergeRefusal where a target has no place, or two have the same one, or the targets are not those that were
    ///   selected.
    func entries(of recordings: [SealedRecording]) throws(MergeRefusal) -> [MergedRun.Entry] {
        var placed: [(position: Int, entry: MergedRun.Entry)] = []
        for (index, recording) in recordings.enumerated() {
            var last = -1
            for entry in recording.entries {
                let position = try position(of: entry, in: recording, members[index].run)
                guard position > last, position < selection.targets else {
                    throw MergeRefusal("\(members[index].run.name) has \(entry.target) at a place where it cannot be.")
                }
                last = position
                placed.append((position, MergedRun.Entry(shard: index, entry: entry)))
            }
        }
        placed.sort { $0.position < $1.position }
        for (one, other) in zip(placed, placed.dropFirst()) where one.position == other.position {
            let names = [one, other].map { "\($0.entry.entry.target) in \(members[$0.entry.shard].run.name)" }
            throw MergeRefusal(
                "\(names.joined(separator: " and ")) have the same place in the selection: a target cannot count twice."
            )
        }
        if missing.isEmpty { try requireWhole(placed.map(\.entry.entry.target)) }
        return placed.map(\.entry)
    }

    /// With all shards here, their targets are the selection that each of them names by its hash.
    private func requireWhole(_ targets: [String]) throws(MergeRefusal) {
        guard targets.count == selection.targets else {
            throw MergeRefusal(
                "The shards have \(targets.count) targets together, and \(selection.targets) were selected."
            )
        }
        guard RecordedSelection(of: targets) == selection else {
            throw MergeRefusal(
                "The targets of these shards are not those that were selected: their names' hash differs."
            )
        }
    }

    /// Where an entry's target stands in the selection, as its first line tells.
    private func position(
        of entry: IndexedEntry,
        in recording: SealedRecording,
        _ run: RecordedRun
    ) throws(MergeRefusal) -> Int {
        var position: Int?
        do throws(RecordingError) {
            try recording.forEachLine(of: entry) { line, number in
                if case .header(let header)? = try? CastLine(decoding: line, number: number) {
                    position = header.position
                }
                return false
            }
        } catch {
            throw MergeRefusal(error)
        }
        guard let position else { throw MergeRefusal("\(run.name) does not tell where \(entry.target) stands.") }
        return position
    }
}
