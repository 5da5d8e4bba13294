import Patterns
import YAML

/// Finds the hosts of a limit's patterns in an inventory.
struct LimitMatcher {
    /// Which of the hosts that a pattern matches count: `web[0]`, `web[-1]`, `web[1:3]`, the last one included.
    private enum Subscript {
        case one(Int)
        case from(Int, through: Int?)
    }

    private let graph: InventoryGraph
    private let limit: String
    private var known: [String: [Int]] = [:]

    init(_ graph: InventoryGraph, _ limit: String) {
        self.graph = graph
        self.limit = limit
    }

    /// First what counts, then what must match too, then what is taken away, wherever they stand.
    /// - Throws: `InventoryError`
    mutating func hosts(of patterns: LimitPatterns) throws(InventoryError) -> Set<Int> {
        var found: Set<Int> = []
        for pattern in patterns.regular.isEmpty ? ["all"] : patterns.regular {
            // A host of exactly that name is that host alone; behind & and ! a group of the name comes first.
            if let host = graph.host(ExactText(pattern)) {
                found.insert(host)
            } else {
                found.formUnion(try hosts(of: pattern))
            }
        }
        for pattern in patterns.intersections {
            found.formIntersection(try hosts(of: String(pattern.dropFirst())))
        }
        for pattern in patterns.exclusions { found.subtract(try hosts(of: String(pattern.dropFirst()))) }
        return found
    }

    /// The hosts whose names, or whose groups' names, a pattern matches.
    private mutating func hosts(of pattern: String) throws(InventoryError) -> [Int] {
        if let hosts = known[pattern] { return hosts }
        guard !pattern.isEmpty, pattern != "~" else {
            throw wrong(.limitAmbiguous, "an empty pattern matches all hosts for Ansible", "write what is meant")
        }
        let (name, part) = try split(pattern)
        let all = try matches(name)
        let hosts = try part.map { part throws(InventoryError) in try select(part, of: all, pattern) } ?? all
        known[pattern] = hosts
        return hosts
    }

    private func split(_ pattern: String) throws(InventoryError) -> (String, Subscript?) {
        guard pattern.hasSuffix("]"), !pattern.hasPrefix("~"), let open = pattern.lastIndex(of: "["),
            open > pattern.startIndex
        else { return (pattern, nil) }
        let name = String(pattern[..<open])
        let inner = String(pattern[pattern.index(after: open)...].dropLast())
        if let number = Self.number(inner, isSigned: true) { return (name, .one(number)) }
        for mark in [":", "-"] {
            let bounds = inner.split(separator: Character(mark), omittingEmptySubsequences: false).map(String.init)
            guard bounds.count == 2, let low = Self.number(bounds[0]) else { continue }
            let high = bounds[1].isEmpty ? nil : Self.number(bounds[1])
            guard high != nil || bounds[1].isEmpty else { continue }
            guard mark == ":" else {
                throw wrong(
                    .limitAmbiguous,
                    "\(pattern) may mean the hosts \(name)\(bounds[0]) to \(name)\(bounds[1]); Ansible takes it for the "
                        + "hosts at the places \(bounds[0]) to \(bounds[1]) of \(name), counted from 0",
                    "write \(name)[\(bounds[0]):\(bounds[1])] for places, or name the hosts"
                )
            }
            return (name, .from(low, through: high))
        }
        let isSlice = inner.contains(":") && inner.allSatisfy { $0 == ":" || $0 == "-" || $0.isASCII && $0.isNumber }
        guard !isSlice else {
            throw wrong(
                .limitAmbiguous,
                "\(pattern) may mean a range of \(name)'s hosts; Ansible takes it for a name with one of the "
                    + "characters '\(inner)' at its end",
                "write both places, from 0 and without a sign, as \(name)[0:2]"
            )
        }
        return (pattern, nil)
    }

    private static func number(_ text: String, isSigned: Bool = false) -> Int? {
        let digits = isSigned && text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }

    private func select(_ part: Subscript, of hosts: [Int], _ pattern: String) throws(InventoryError) -> [Int] {
        guard !hosts.isEmpty else { return hosts }
        switch part {
        // A last place of 0 means one host for Ansible, the first of the range.
        case .one(let number), .from(let number, through: 0):
            let place = number < 0 ? hosts.count + number : number
            guard hosts.indices.contains(place) else {
                throw wrong(
                    .limitMatchesNothing,
                    "\(pattern) is past the end: there are \(hosts.count), counted from 0",
                    "name the host, or mend the number"
                )
            }
            return [hosts[place]]
        case .from(let low, let high):
            let end = min(high ?? .max - 1, hosts.count - 1)
            return low <= end ? Array(hosts[low...end]) : []
        }
    }

    /// The hosts of the groups that a pattern matches, and the hosts that it matches themselves: those only where it is more
    /// than a word, or no group has that name.
    private func matches(_ pattern: String) throws(InventoryError) -> [Int] {
        let matcher = try matcher(pattern)
        let groups = try matcher.matches(graph.groups.map(\.name.text))
        var found = groups.flatMap { graph.hosts(below: $0) }
        if groups.isEmpty || pattern.hasPrefix("~") || pattern.contains(where: { ".?*[".contains($0) }) {
            found += try matcher.matches(graph.hosts.map(\.name.text))
        }
        guard !found.isEmpty || !groups.isEmpty else {
            throw wrong(
                .limitMatchesNothing,
                "the pattern \(pattern) matches no host and no group; Ansible would go on without it",
                "mend it, or take it out"
            )
        }
        return found
    }

    private func matcher(_ pattern: String) throws(InventoryError) -> NameMatcher {
        guard pattern.hasPrefix("~") else { return NameMatcher(way: .glob(Glob(pattern)), limit: limit) }
        do throws(PatternError) {
            let expression = try Pattern(String(pattern.dropFirst()), options: .anchored)
            return NameMatcher(way: .expression(PatternMatcher(expression)), limit: limit)
        } catch {
            throw wrong(.limitInvalid, "the regular expression in \(pattern) is wrong \(error.message)", "mend it")
        }
    }

    private func wrong(_ code: InventoryError.Code, _ problem: String, _ wayOut: String) -> InventoryError {
        InventoryError(code, "--limit \(limit)", problem, wayOut)
    }
}

/// Finds the names that a pattern matches.
private struct NameMatcher {
    enum Way {
        case glob(Glob)
        case expression(PatternMatcher)
    }

    let way: Way
    let limit: String

    /// - Returns: the places of the names that match.
    /// - Throws: `InventoryError` where an expression takes too many steps: a host must not be lost by that.
    func matches(_ names: [String]) throws(InventoryError) -> [Int] {
        switch way {
        case .glob(let glob): return names.indices.filter { glob.matches(names[$0]) }
        case .expression(let matcher):
            var found: [Int] = []
            for (place, name) in names.enumerated() {
                do throws(PatternError) {
                    if try matcher.firstMatch(in: Array(name.utf8)) != nil { found.append(place) }
                } catch {
                    throw InventoryError(
                        .limitInvalid,
                        "--limit \(limit)",
                        "the expression \(matcher.pattern.text) cannot be matched with \(name): \(error.message)",
                        "write a simpler one"
                    )
                }
            }
            return found
        }
    }
}
