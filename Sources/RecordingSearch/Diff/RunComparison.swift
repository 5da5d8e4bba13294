import Threads

/// Targets that answered alike.
package struct OutputClass: Sendable, Hashable {
    /// In the order of the run.
    package var targets: [String]
    /// The target of which the difference is shown.
    package var example: String
    /// How they ended, by outcome.
    package var outcomes: [String: Int]
    /// From the majority's example; nil for the majority itself.
    package var difference: LineDifference?
}

/// The targets of one run, in classes of equal output.
package struct RunClasses: Sendable {
    /// The largest first; of equally large ones, the one with the earlier target.
    package private(set) var classes: [OutputClass] = []

    package init(of run: RunDigest, threads: Int) throws(SearchFailure) {
        var members: [String: [TargetDigest]] = [:]
        for target in run.targets { members[target.output, default: []].append(target) }
        let sorted = members.values.sorted { first, second in
            (second.count, first[0].place.entry) < (first.count, second[0].place.entry)
        }
        guard let majority = sorted.first?.first else { return }
        let lines = try TranscriptFetcher().lines(of: majority, in: run)
        let differences = try inOrder(sorted, threads: threads) { (targets, fetcher) throws(SearchFailure) in
            targets[0] == majority
                ? nil : LineDifference(from: lines, to: try fetcher.lines(of: targets[0], in: run))
        }
        classes = zip(sorted, differences).map { targets, difference in
            OutputClass(
                targets: targets.map(\.target),
                example: targets[0].target,
                outcomes: Dictionary(targets.map { ($0.outcome, 1) }, uniquingKeysWith: +),
                difference: difference
            )
        }
    }
}

/// What is different between two runs.
package struct RunComparison: Sendable {
    /// Targets whose outputs changed alike.
    package struct Change: Sendable, Hashable {
        package var targets: [String]
        package var example: String
        package var difference: LineDifference
    }

    /// Targets that ended otherwise than before.
    package struct OutcomeChange: Sendable, Hashable {
        package var from: String
        package var to: String
        package var targets: [String]
    }

    package private(set) var unchanged = 0
    /// The largest first.
    package private(set) var changes: [Change] = []
    package private(set) var outcomes: [OutcomeChange] = []
    package private(set) var appeared: [String] = []
    package private(set) var vanished: [String] = []

    package var isEqual: Bool { changes.isEmpty && outcomes.isEmpty && appeared.isEmpty && vanished.isEmpty }

    package init(from old: RunDigest, to new: RunDigest, threads: Int) throws(SearchFailure) {
        let before = Dictionary(old.targets.map { ($0.target, $0) }, uniquingKeysWith: { first, _ in first })
        let after = Set(new.targets.map(\.target))
        // Those that failed to be read are neither new nor gone.
        let unread = (old: old.unreadTargets, new: new.unreadTargets)
        vanished = old.targets.map(\.target).filter { !after.contains($0) && !unread.new.contains($0) }
        var changed: [Pair: [(old: TargetDigest, new: TargetDigest)]] = [:]
        var ended: [Ending: [String]] = [:]
        for target in new.targets {
            guard let former = before[target.target] else {
                if !unread.old.contains(target.target) { appeared.append(target.target) }
                continue
            }
            if former.outcome != target.outcome {
                ended[Ending(from: former.outcome, to: target.outcome), default: []].append(target.target)
            }
            if former.output != target.output {
                changed[Pair(old: former.output, new: target.output), default: []].append((former, target))
            } else if former.outcome == target.outcome {
                unchanged += 1
            }
        }
        outcomes = ended.map { OutcomeChange(from: $0.key.from, to: $0.key.to, targets: $0.value) }
            .sorted { ($1.targets.count, $0.from, $0.to) < ($0.targets.count, $1.from, $1.to) }
        let pairs = changed.values.sorted { $0[0].new.place.entry < $1[0].new.place.entry }
        let differences = try inOrder(pairs, threads: threads) { (targets, fetcher) throws(SearchFailure) in
            LineDifference(
                from: try fetcher.lines(of: targets[0].old, in: old),
                to: try fetcher.lines(of: targets[0].new, in: new)
            )
        }
        changes = Self.grouped(zip(pairs.map { $0.map(\.new) }, differences))
    }

    private struct Pair: Hashable {
        var old: String
        var new: String
    }

    private struct Ending: Hashable {
        var from: String
        var to: String
    }

    /// Targets whose removed and added lines are the same, whatever stands around them.
    private static func grouped(_ changes: some Sequence<([TargetDigest], LineDifference)>) -> [Change] {
        var groups: [[String]: (targets: [TargetDigest], difference: LineDifference)] = [:]
        for (targets, difference) in changes {
            groups[difference.change, default: ([], difference)].targets += targets
        }
        return groups.values.map { group in
            (group.targets.sorted { $0.place.entry < $1.place.entry }, group.difference)
        }.sorted { ($1.0.count, $0.0[0].place.entry) < ($0.0.count, $1.0[0].place.entry) }
            .map { targets, difference in
                Change(targets: targets.map(\.target), example: targets[0].target, difference: difference)
            }
    }
}

extension RunDigest {
    /// Wanted targets whose entries cannot be read.
    fileprivate var unreadTargets: Set<String> {
        guard !failures.isEmpty else { return [] }
        let wanted = run.frames.flatMap { frame in frame.entries.map { run.target(of: $0) } }
        return Set(wanted).subtracting(targets.map(\.target))
    }
}

/// Looks at each of some items, on several threads.
private func inOrder<Item: Sendable, Value: Sendable>(
    _ items: [Item],
    threads: Int,
    _ body: @escaping @Sendable (Item, TranscriptFetcher) throws(SearchFailure) -> Value
) throws(SearchFailure) -> [Value] {
    var values: [Value] = []
    var failure: SearchFailure?
    OrderedWork.run(items.count, threads: threads) {
        TranscriptFetcher()
    } work: { fetcher, index -> Result<Value, SearchFailure> in
        do throws(SearchFailure) { return .success(try body(items[index], fetcher)) } catch { return .failure(error) }
    } take: { _, result in
        switch result {
        case .success(let value): values.append(value)
        case .failure(let error): failure = error
        }
        return failure == nil
    }
    if let failure { throw failure }
    return values
}
