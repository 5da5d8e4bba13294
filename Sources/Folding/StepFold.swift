/// A line or block of the playbook, by its lines from 1; line 0 is the profile.
package struct FoldedStep: Sendable, Hashable, Comparable {
    package let firstLine: Int
    package let lastLine: Int

    package init(firstLine: Int, lastLine: Int) {
        (self.firstLine, self.lastLine) = (firstLine, lastLine)
    }

    package static func < (one: Self, other: Self) -> Bool {
        (one.firstLine, one.lastLine) < (other.firstLine, other.lastLine)
    }
}

/// Puts the targets of a run together whose step ended and printed the same, step by step.
///
/// Steps come in any order, from any target. Of each class one copy is kept, by whoever adds the step; of each target that
/// is in it, four bytes.
package struct StepFold<Copy: Sendable>: Sendable {
    /// Targets on which a step came to the same.
    package struct Class: Sendable {
        /// How it ended there, as `error, exit code 1`; empty where it is ok.
        package let ending: String
        /// Of the first target, where the hosts' names part them; else of the one that came first.
        package fileprivate(set) var copy: Copy
        /// The number of that target.
        package fileprivate(set) var shown: Int
        /// Whether another one's text has another host's name in its place.
        package fileprivate(set) var differs = false
        fileprivate var members: [Int32]
        fileprivate var digest: TextDigest

        /// The targets' numbers, in their order.
        package var targets: [Int] { members.map(Int.init).sorted() }
        package var count: Int { members.count }

        fileprivate mutating func insert(_ target: Int, _ digest: TextDigest, _ copy: () -> Copy) {
            members.append(Int32(clamping: target))
            guard digest.plain != self.digest.plain else { return }
            differs = true
            if target < shown { (self.copy, shown, self.digest) = (copy(), target, digest) }
        }
    }

    private struct Likeness: Hashable {
        let ending: String
        let sum: TextDigest.Sum
    }

    private struct Entry {
        var text: String
        var classes: [Class] = []
        /// Of the texts that began a class, and of the same without names.
        var places: [Likeness: Int] = [:]

        mutating func insert(_ target: Int, _ ending: String, _ digest: TextDigest, _ copy: () -> Copy) {
            let nameless = Likeness(ending: ending, sum: digest.nameless)
            let plain = Likeness(ending: ending, sum: digest.plain)
            if let place = places[nameless] ?? places[plain] {
                return classes[place].insert(target, digest, copy)
            }
            places[nameless] = classes.count
            places[plain] = classes.count
            let members = [Int32(clamping: target)]
            classes.append(Class(ending: ending, copy: copy(), shown: target, members: members, digest: digest))
        }
    }

    private var entries: [FoldedStep: Entry] = [:]

    package init() {}

    /// A target's step has ended.
    /// - Parameters:
    ///   - target: its number among the run's, below 2^31.
    ///   - text: the step's own, which is the same wherever it ran.
    ///   - ending: how it ended, in words; empty where it is ok.
    ///   - copy: makes what is kept of the text, where it is to stand for its class.
    package mutating func add(
        target: Int,
        _ step: FoldedStep,
        text: @autoclosure () -> String,
        ending: String,
        digest: TextDigest,
        copy: () -> Copy
    ) {
        entries[step, default: Entry(text: text())].insert(target, ending, digest, copy)
    }

    package var isEmpty: Bool { entries.isEmpty }

    /// The steps in the playbook's order; of each the classes, the largest first, then by their first target.
    package var steps: [(step: FoldedStep, text: String, classes: [Class])] {
        entries.sorted { $0.key < $1.key }.map { step, entry in
            let classes = entry.classes.map { (first: $0.members.min() ?? 0, class: $0) }
                .sorted { ($1.class.count, $0.first) < ($0.class.count, $1.first) }
            return (step, entry.text, classes.map(\.class))
        }
    }
}
