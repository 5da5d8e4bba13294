import NodeSets
import PSRunCommandLine

/// Which hosts a group of settings is for, as ssh_config's Host has it: a host that one of the patterns names, and none of
/// those behind a `!`. Letter case does not count.
///
/// - A name, with `*` for any text and `?` for one character: `web*`, `*.example.com`, `op@web01:2222`.
/// - A node set's range: `web[01-64]`.
/// - A group of the inventory, or of ClusterShell's configuration: `@web`.
package struct HostPatterns: Sendable {
    private enum Pattern: Sendable {
        case name(Wildcard)
        case nodes(NodeSet)
        case group(Wildcard)
    }

    /// As written.
    package let text: String
    private var wanted: [Pattern] = []
    private var unwanted: [Pattern] = []

    /// More in one line nobody writes.
    package static let most = 1_000

    /// - Parameter text: patterns with commas between.
    /// - Throws: why it is not such a list, as the end of a sentence.
    package init(_ text: String) throws(Malformed) {
        self.text = text
        let terms = Self.terms(of: text)
        guard terms.count <= Self.most else { throw Malformed("more than \(Self.most) patterns stand in it") }
        for term in terms {
            let isUnwanted = term.hasPrefix("!")
            let pattern = try Self.pattern(String(isUnwanted ? term.dropFirst() : term[...]))
            if isUnwanted { unwanted.append(pattern) } else { wanted.append(pattern) }
        }
        guard !wanted.isEmpty else { throw Malformed("it names no host; write '*,\(text)' for all others") }
    }

    package struct Malformed: Error, Sendable, Hashable {
        /// The end of a sentence.
        package let reason: String

        init(_ reason: String) { self.reason = reason }
    }

    package func matches(_ host: ConfiguredHost) -> Bool {
        wanted.contains { Self.matches($0, host) } && !unwanted.contains { Self.matches($0, host) }
    }

    /// The groups that it names without a wildcard.
    package var groupNames: [String] {
        (wanted + unwanted).compactMap { pattern in
            if case .group(let name) = pattern, !name.isWild { name.text } else { nil }
        }
    }

    private static func matches(_ pattern: Pattern, _ host: ConfiguredHost) -> Bool {
        switch pattern {
        case .name(let name): host.names.contains { name.matches($0) }
        case .nodes(let nodes): host.names.contains { nodes.contains(name: $0) }
        case .group(let name): host.groups.contains { name.matches($0) }
        }
    }

    /// What stands between the commas outside of brackets, without blanks around.
    private static func terms(of text: String) -> [String] {
        var terms = [""]
        var depth = 0
        for character in text {
            if character == "[" { depth += 1 }
            if character == "]" { depth -= 1 }
            if character == ",", depth <= 0 { terms.append("") } else { terms[terms.count - 1].append(character) }
        }
        return terms.map { term in
            String(term.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }

    private static func pattern(_ term: String) throws(Malformed) -> Pattern {
        guard !term.isEmpty else { throw Malformed("a pattern in it is empty") }
        if let sign = term.first(where: { "!&^ \t\n".contains($0) }) {
            throw Malformed(
                "'\(printable(term))' has a '\(printable(String(sign)))'; part patterns by commas, as in 'web*,!web3'"
            )
        }
        guard !term.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw Malformed("it has a control character")
        }
        if term.hasPrefix("@") {
            let name = String(term.dropFirst())
            guard !name.isEmpty, !name.contains("[") else {
                throw Malformed("'\(printable(term))' is not a group; write '@web' or '@web*'")
            }
            return .group(Wildcard(name))
        }
        let isAddress = term.hasPrefix("[") || term.contains("@[")
        guard term.contains("["), !isAddress else { return .name(Wildcard(term.lowercased())) }
        guard !term.contains("*"), !term.contains("?") else {
            throw Malformed("'\(printable(term))' has both a range and a wildcard; write one pattern for each")
        }
        do throws(NodeSetError) {
            var reader = NodeSetReader()
            return .nodes(try reader.read(term.lowercased()))
        } catch {
            throw Malformed("'\(printable(term))' is not a range of hosts: \(error.message.droppingFullStop)")
        }
    }
}

extension String {
    fileprivate var droppingFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
