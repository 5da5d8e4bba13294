/// How much is read of what comes from outside: what takes about a second at most.
package struct NodeSetLimits: Sendable, Hashable {
    /// Bytes of one node set, of one group's text, of one configuration file.
    package var textBytes = 64 << 20
    /// Nodes of any set on the way, and of the result.
    package var hosts = 200_000
    /// Nodes of all parts of the sets that one reader reads, each as often as it is named.
    package var effort = 800_000
    /// Bytes of one name outside its brackets. A DNS name has at most 253.
    package var nameBytes = 4096
    /// Groups within groups.
    package var depth = 64
    /// Names times wildcard patterns that are compared for one term.
    package var comparisons = 5_000_000

    package init() {}
}
