/// The difference of two texts, line by line, as diff -u prints it.
package struct LineDifference: Sendable, Hashable {
    private enum Step {
        case both, removed, added
    }

    /// Lines of context around what differs.
    private static let context = 3
    /// With more differences than this, all that lies between the first and the last is shown as one.
    private static let mostDifferences = 1_000

    /// The hunks, each with its `@@` line; empty where nothing differs.
    package let lines: [String]
    /// The removed and added lines alone: what two equal changes share, wherever they lie.
    let change: [String]

    init(from old: [String], to new: [String]) {
        var numbers: [String: Int] = [:]
        func number(_ line: String) -> Int {
            let next = numbers.count
            return {
                $0 = $0 ?? next; return $0 ?? next
            }(&numbers[line])
        }
        let steps = Self.steps(from: old.map(number), to: new.map(number))
        var hunks = Hunks(old: old, new: new)
        for step in steps {
            switch step {
            case .both: hunks.keep()
            case .removed: hunks.remove()
            case .added: hunks.add()
            }
        }
        lines = hunks.finished()
        change = hunks.change
    }

    /// Myers' greedy algorithm ("An O(ND) difference algorithm", 1986) between the common beginning and end.
    private static func steps(from old: [Int], to new: [Int]) -> [Step] {
        var start = 0
        while start < old.count, start < new.count, old[start] == new[start] { start += 1 }
        var end = 0
        while end < old.count - start, end < new.count - start, old[old.count - 1 - end] == new[new.count - 1 - end] {
            end += 1
        }
        let middle = middleSteps(Array(old[start..<(old.count - end)]), Array(new[start..<(new.count - end)]))
        return Array(repeating: .both, count: start) + middle + Array(repeating: .both, count: end)
    }

    private static func middleSteps(_ old: [Int], _ new: [Int]) -> [Step] {
        let whole = Array(repeating: Step.removed, count: old.count) + Array(repeating: .added, count: new.count)
        guard !old.isEmpty, !new.isEmpty else { return whole }
        let most = min(old.count + new.count, mostDifferences)
        var reach = Reach(most)
        var trace: [[Int]] = []
        for distance in 0...most {
            trace.append(reach.around(distance))
            for diagonal in stride(from: -distance, through: distance, by: 2) {
                let isDown = reach.isDown(diagonal, distance)
                var x = isDown ? reach[diagonal + 1] : reach[diagonal - 1] + 1
                var y = x - diagonal
                while x < old.count, y < new.count, old[x] == new[y] {
                    x += 1
                    y += 1
                }
                reach[diagonal] = x
                if x >= old.count, y >= new.count { return backtrack(trace, old.count, new.count) }
            }
        }
        return whole
    }

    private static func backtrack(_ trace: [[Int]], _ oldCount: Int, _ newCount: Int) -> [Step] {
        var steps: [Step] = []
        var x = oldCount
        var y = newCount
        for (distance, values) in trace.enumerated().reversed() {
            let reach = Reach(values)
            let diagonal = x - y
            let isDown = reach.isDown(diagonal, distance)
            let before = isDown ? diagonal + 1 : diagonal - 1
            let beforeX = distance == 0 ? 0 : reach[before]
            let beforeY = distance == 0 ? 0 : beforeX - before
            while x > beforeX, y > beforeY {
                steps.append(.both)
                x -= 1
                y -= 1
            }
            guard distance > 0 else { break }
            steps.append(isDown ? .added : .removed)
            x = beforeX
            y = beforeY
        }
        return steps.reversed()
    }

    /// How far each diagonal was followed into the old text; -1 where it was not.
    private struct Reach {
        private var values: [Int]
        private let middle: Int

        /// - Parameter most: the farthest diagonal.
        init(_ most: Int) {
            middle = most + 1
            values = Array(repeating: -1, count: 2 * middle + 1)
            values[middle + 1] = 0
        }

        init(_ values: [Int]) {
            middle = values.count / 2
            self.values = values
        }

        subscript(diagonal: Int) -> Int {
            get { values[middle + diagonal] }
            set { values[middle + diagonal] = newValue }
        }

        /// Whether the diagonal is reached from the one above, by an added line.
        func isDown(_ diagonal: Int, _ distance: Int) -> Bool {
            diagonal == -distance || (diagonal != distance && self[diagonal - 1] < self[diagonal + 1])
        }

        /// The diagonals that this many differences reach, and their neighbours.
        func around(_ distance: Int) -> [Int] {
            Array(values[(middle - distance - 1)...(middle + distance + 1)])
        }
    }

    /// Puts hunks together while the texts are walked along.
    private struct Hunks {
        let old: [String]
        let new: [String]
        private var oldLine = 0
        private var newLine = 0
        private var body: [String] = []
        private var start = (old: 0, new: 0)
        /// Lines in common since the last difference.
        private var kept = 0
        private var lines: [String] = []
        private(set) var change: [String] = []

        init(old: [String], new: [String]) {
            self.old = old
            self.new = new
        }

        mutating func keep() {
            if !body.isEmpty {
                body.append(" " + old[oldLine])
                kept += 1
                if kept > 2 * LineDifference.context { close() }
            }
            oldLine += 1
            newLine += 1
        }

        mutating func remove() {
            open()
            body.append("-" + old[oldLine])
            change.append("-" + old[oldLine])
            oldLine += 1
        }

        mutating func add() {
            open()
            body.append("+" + new[newLine])
            change.append("+" + new[newLine])
            newLine += 1
        }

        mutating func finished() -> [String] {
            if !body.isEmpty { close() }
            return lines
        }

        private mutating func open() {
            kept = 0
            guard body.isEmpty else { return }
            let before = min(LineDifference.context, oldLine, newLine)
            start = (oldLine - before, newLine - before)
            body = old[(oldLine - before)..<oldLine].map { " " + $0 }
        }

        private mutating func close() {
            let surplus = max(0, kept - LineDifference.context)
            body.removeLast(surplus)
            let removed = body.count { $0.hasPrefix("-") }
            let added = body.count { $0.hasPrefix("+") }
            let both = body.count - removed - added
            lines.append("@@ -\(Self.range(start.old, both + removed)) +\(Self.range(start.new, both + added)) @@")
            lines += body
            body = []
            kept = 0
        }

        private static func range(_ start: Int, _ count: Int) -> String {
            "\(count == 0 ? start : start + 1),\(count)"
        }
    }
}
