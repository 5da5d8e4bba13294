import Scheduling
import Testing

struct ShardTests {
    private static let names = (0..<10_000).map { "web\($0).example" }

    @Test("Every target belongs to one part, and the parts are of much the same size")
    func union() {
        var sizes = Array(repeating: 0, count: 10)
        for name in Self.names {
            let owners = (0..<10).filter { Shard($0, of: 10)?.contains(name) == true }
            #expect(owners.count == 1)
            sizes[owners[0]] += 1
        }
        #expect(sizes.allSatisfy { 850...1150 ~= $0 }, "\(sizes)")
    }

    @Test("One part more takes targets from the others, and moves none between them")
    func stable() {
        let moved = Self.names.filter { Shard.owner(of: $0, among: 10) != Shard.owner(of: $0, among: 11) }
        #expect(moved.allSatisfy { Shard.owner(of: $0, among: 11) == 10 })
        #expect(700...1150 ~= moved.count, "\(moved.count)")
    }

    @Test("The parts of known names stay what they are, for ever")
    func frozen() {
        #expect(["web01", "web02", "db01", "op@db01:2222"].map { Shard.owner(of: $0, among: 7) } == [1, 5, 4, 1])
    }

    @Test("A part is written I/N, from 0", arguments: ["0/1", "9/10", "00/3"])
    func written(_ text: String) throws {
        #expect(Shard(text) != nil)
    }

    @Test(
        "What is not a part is refused",
        arguments: ["", "1", "1/1", "3/3", "-1/3", "1/0", "a/b", "1/2/3", "0/100001"]
    )
    func refused(_ text: String) {
        #expect(Shard(text) == nil)
    }

    @Test(
        "Slurm's arrays tell their part where they have no holes",
        arguments: [
            ([1, 10, 3, 4, 7], "2/4"), ([0, 9, 1, 10, 9], "9/10"), ([3, 7, 1, 2, 7], nil), ([0, 6, 1, 4, 2], nil),
        ] as [([Int], String?)]
    )
    func slurm(_ values: [Int], _ expected: String?) throws {
        let names = ["MIN", "MAX", "STEP", "COUNT", "ID"].map { "SLURM_ARRAY_TASK_\($0)" }
        let environment = Dictionary(uniqueKeysWithValues: zip(names, values.map(String.init)))
        #expect((try? ShardVariables.shard(environment, count: nil)) == expected.flatMap { Shard($0) })
    }

    @Test("Kubernetes and Nomad say which part it is, and the user of how many")
    func others() throws {
        #expect(try ShardVariables.shard(["JOB_COMPLETION_INDEX": "2"], count: 3) == Shard("2/3"))
        #expect(try ShardVariables.shard(["NOMAD_ALLOC_INDEX": "0"], count: 3) == Shard("0/3"))
        #expect(throws: ShardVariables.Failure.countMissing(system: "Nomad")) {
            try ShardVariables.shard(["NOMAD_ALLOC_INDEX": "0"], count: nil)
        }
        #expect(throws: ShardVariables.Failure.none) { try ShardVariables.shard([:], count: 3) }
    }
}
