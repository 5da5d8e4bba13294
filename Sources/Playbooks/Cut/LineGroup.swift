/// Lines that belong together, since parts of a playbook share them.
struct LineGroup: Sendable {
    /// Indices of lines.
    private(set) var lines: ClosedRange<Int>
    private(set) var kinds: Set<CutPart.Kind>
    /// Where the statements in it begin.
    private(set) var statements: [Int]

    private init(_ part: CutPart, in places: LinePlaces) {
        let first = places.line(at: part.range.lowerBound)
        lines = first...max(first, places.line(at: max(part.range.lowerBound, part.range.upperBound - 1)))
        kinds = [part.kind]
        statements = part.kind == .statement ? [part.range.lowerBound] : []
    }

    fileprivate mutating func take(in other: LineGroup) {
        lines = min(lines.lowerBound, other.lines.lowerBound)...max(lines.upperBound, other.lines.upperBound)
        kinds.formUnion(other.kinds)
        statements += other.statements
    }

    /// The groups that become blocks, in order.
    ///
    /// All `using` lines are one, since each such pipeline replaces the session's list. So are a script's parameters with
    /// their attributes and its named blocks: they are parts of one script block. What shares a line is one. Classes that
    /// stand next to each other are one, since each may name the other.
    static func groups(of parts: [CutPart], in places: LinePlaces) -> [LineGroup] {
        var usings: LineGroup?
        var frame: LineGroup?
        var units: [LineGroup] = []
        for part in parts {
            let unit = LineGroup(part, in: places)
            switch part.kind {
            case .using: usings.join(unit)
            case .parameters, .namedBlock: frame.join(unit)
            case .joining where unit.lines.count == 1: break
            case .statement, .trap, .joining, .type: units.append(unit)
            }
        }
        units += [usings, frame].compactMap(\.self)
        units.sort { ($0.lines.lowerBound, $0.lines.upperBound) < ($1.lines.lowerBound, $1.lines.upperBound) }
        var sharing: [LineGroup] = []
        for unit in units {
            if let end = sharing.last?.lines.upperBound, unit.lines.lowerBound <= end {
                sharing[sharing.count - 1].take(in: unit)
            } else {
                sharing.append(unit)
            }
        }
        var groups: [LineGroup] = []
        for group in sharing where group.kinds != [.joining] {
            if group.holdsTypesAlone, groups.last?.holdsTypesAlone == true {
                groups[groups.count - 1].take(in: group)
            } else {
                groups.append(group)
            }
        }
        return groups
    }

    private var holdsTypesAlone: Bool { kinds.isSubset(of: [.type, .joining]) }

    /// Whether nothing of it can change `$?`: it only tells the session what there is.
    fileprivate func isDeclaration(of playbook: Playbook, in places: LinePlaces) -> Bool {
        guard !kinds.contains(.namedBlock) else { return false }
        return statements.allSatisfy { offset in
            playbook.lines[places.line(at: offset)].declaresFunction(at: places.column(of: offset))
        }
    }
}

extension [LineGroup] {
    /// A block for each group, with the comments that stand before it: help for a function is such a comment.
    func blocks(of playbook: Playbook, in places: LinePlaces) -> [PlaybookBlock] {
        var blocks: [PlaybookBlock] = []
        var start = 0
        for group in self {
            // A hostile far side can name a blank line; see LinesLeftOut.
            let first =
                playbook.lines[start..<group.lines.lowerBound].firstIndex { !$0.isBlank } ?? group.lines.lowerBound
            blocks.append(
                PlaybookBlock(
                    lines: playbook.lines[first...group.lines.upperBound],
                    statementLine: group.lines.lowerBound + 1,
                    isDeclaration: group.isDeclaration(of: playbook, in: places)
                )
            )
            start = group.lines.upperBound + 1
        }
        return blocks
    }
}

extension LineGroup? {
    fileprivate mutating func join(_ unit: LineGroup) {
        if self == nil { self = unit } else { self?.take(in: unit) }
    }
}
