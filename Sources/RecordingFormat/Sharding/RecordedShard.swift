/// All targets that a run was divided over, as each of its shards names them.
package struct RecordedSelection: Sendable, Hashable {
    package var targets: Int
    /// SHA-256 of the targets' names in their order, a line each; `[redacted]` stands for each tag in them.
    package var hash: String

    package init(targets: Int, hash: String) {
        self.targets = targets
        self.hash = hash
    }
}

/// Which part of a selection a run had.
package struct RecordedShard: Sendable, Hashable {
    /// From 0.
    package var index: Int
    package var count: Int
    package var selection: RecordedSelection

    package init(index: Int, count: Int, selection: RecordedSelection) {
        self.index = index
        self.count = count
        self.selection = selection
    }
}

/// The shards that a run was put together from.
package struct RecordedMerge: Sendable, Hashable {
    package struct Part: Sendable, Hashable {
        package var index: Int
        /// The shard's own run.
        package var run: PreviousRun

        package init(index: Int, run: PreviousRun) {
            self.index = index
            self.run = run
        }
    }

    package var count: Int
    package var selection: RecordedSelection
    /// In the order of their numbers; some may be missing.
    package var parts: [Part]

    package init(count: Int, selection: RecordedSelection, parts: [Part]) {
        self.count = count
        self.selection = selection
        self.parts = parts
    }

    /// The shards that are missing.
    package var missing: [Int] {
        let present = Set(parts.map(\.index))
        return (0..<count).filter { !present.contains($0) }
    }
}
