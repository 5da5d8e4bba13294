import Sharding
import Testing

struct ShardTests {
    @Test("Of 100,000 targets over ten shards each belongs to one, and the shards are of much the same size")
    func union() {
        let names = (0..<100_000).map { "web\($0).example" }
        let parts = (0..<10).compactMap { Shard($0, of: 10)?.positions(in: names) }
        #expect(parts.flatMap(\.self).sorted() == Array(names.indices))
        #expect(parts.allSatisfy { $0 == $0.sorted() })
        #expect(parts.allSatisfy { 9_700...10_300 ~= $0.count }, "\(parts.map(\.count))")
    }

    @Test("One shard more takes targets from the others, and moves none between them")
    func stable() {
        let names = (0..<10_000).map { "web\($0).example" }
        let moved = names.filter { Shard.owner(of: $0, among: 10) != Shard.owner(of: $0, among: 11) }
        #expect(moved.allSatisfy { Shard.owner(of: $0, among: 11) == 10 })
        #expect(700...1_150 ~= moved.count, "\(moved.count)")
    }

    @Test("A target's shard does not depend on the other targets")
    func alone() {
        let names = (0..<1_000).map { "db\($0)" }
        for name in names.prefix(50) {
            let owners = (0..<7).filter { Shard($0, of: 7)?.positions(in: [name]) == [0] }
            #expect(owners == [Shard.owner(of: name, among: 7)])
        }
    }

    @Test("The shards of known names stay what they are, for ever")
    func frozen() {
        #expect(["web01", "web02", "db01", "op@db01:2222"].map { Shard.owner(of: $0, among: 7) } == [1, 5, 4, 1])
    }
}
