import Sharding
import Testing

struct ShardRequestTests {
    private func shard(_ text: String, _ environment: [String: String] = [:]) throws -> String {
        try ShardRequest(text).shard(environment: environment).text
    }

    private func slurm(_ id: Int, _ first: Int, _ last: Int, step: Int = 1, count: Int) -> [String: String] {
        [
            "SLURM_ARRAY_TASK_ID": "\(id)", "SLURM_ARRAY_TASK_MIN": "\(first)", "SLURM_ARRAY_TASK_MAX": "\(last)",
            "SLURM_ARRAY_TASK_STEP": "\(step)", "SLURM_ARRAY_TASK_COUNT": "\(count)",
        ]
    }

    private func refusal(_ text: String) -> String {
        do throws(ShardRequest.Refusal) { _ = try ShardRequest(text) } catch { return error.why }
        return "none"
    }

    private func failure(_ text: String, _ environment: [String: String]) -> String {
        do { _ = try shard(text, environment) } catch { return (error as? BatchFailure)?.message ?? "\(error)" }
        return "none"
    }

    @Test("A shard is written I/N, from 0", arguments: ["0/1", "9/10", "0/4096"])
    func written(_ text: String) throws {
        #expect(try shard(text) == text)
    }

    @Test(
        "What is not a shard is refused",
        arguments: ["", "1", "1/", "/3", "-1/3", "a/b", "1/2/3", "auto/2/3", "+1/3", "١/3"]
    )
    func refused(_ text: String) {
        #expect(throws: ShardRequest.Refusal.self) { try ShardRequest(text) }
    }

    @Test(
        "A shard counted from 1 is refused where it can be seen, with the one that is meant",
        arguments: ["3/3", "1/1"]
    )
    func fromOne(_ text: String) {
        #expect(refusal(text).contains("shards count from 0"))
    }

    @Test("There can be so many shards and no more", arguments: ["0/0", "0/4097", "auto/0", "auto/5000"])
    func count(_ text: String) {
        #expect(refusal(text).contains("1 to 4096 shards"))
    }

    @Test("A Slurm array without holes tells its shard: 1-10:3, 0-9, 5-6")
    func arrays() throws {
        #expect(try shard("auto", slurm(7, 1, 10, step: 3, count: 4)) == "2/4")
        #expect(try shard("auto", slurm(9, 0, 9, count: 10)) == "9/10")
        #expect(try shard("auto", slurm(5, 5, 6, count: 2)) == "0/2")
        #expect(try shard("AUTO/4", slurm(10, 1, 10, step: 3, count: 4)) == "3/4")
    }

    @Test("A Slurm list with holes is refused, and asks for I/N: 7,3 and 0,2,4,6")
    func lists() {
        for environment in [slurm(7, 3, 7, count: 2), slurm(4, 0, 6, count: 4)] {
            #expect(failure("auto", environment).contains("list with holes"))
            #expect(throws: Never.self) { try shard("1/4", environment) }
        }
    }

    @Test("A requeued Slurm task is the same shard")
    func requeued() throws {
        let again = slurm(3, 0, 9, count: 10).merging(["SLURM_RESTART_COUNT": "1"]) { $1 }
        #expect(try shard("auto", again) == "3/10")
    }

    @Test("A part of an array that is submitted again is refused where the count is given")
    func resubmitted() {
        #expect(throws: BatchFailure.otherCount(.slurm, 2, given: 10)) {
            try shard("auto/10", slurm(4, 3, 4, count: 2))
        }
    }

    @Test("Kubernetes and Nomad say which task it is, and the user of how many")
    func others() throws {
        #expect(try shard("auto/3", ["JOB_COMPLETION_INDEX": "2"]) == "2/3")
        #expect(try shard("auto/3", ["NOMAD_ALLOC_INDEX": "0"]) == "0/3")
        #expect(throws: BatchFailure.countMissing(.kubernetes)) { try shard("auto", ["JOB_COMPLETION_INDEX": "0"]) }
        #expect(throws: BatchFailure.countMissing(.nomad)) { try shard("auto", ["NOMAD_ALLOC_INDEX": "0"]) }
        #expect(throws: BatchFailure.outside(.nomad, number: 3, count: 3)) {
            try shard("auto/3", ["NOMAD_ALLOC_INDEX": "3"])
        }
    }

    @Test("GitLab counts from 1")
    func gitLab() throws {
        let environment = ["CI_NODE_INDEX": "3", "CI_NODE_TOTAL": "3"]
        #expect(try shard("auto", environment) == "2/3")
        #expect(try shard("2/3", environment) == "2/3")
    }

    @Test("A batch system's own number given as a shard is refused where the system does not count from 0")
    func ownNumber() throws {
        #expect(failure("2/3", ["CI_NODE_INDEX": "2", "CI_NODE_TOTAL": "3"]).contains("this task is 1/3"))
        #expect(throws: BatchFailure.self) { try shard("4/10", slurm(4, 1, 10, count: 10)) }
        #expect(try shard("4/10", slurm(4, 0, 9, count: 10)) == "4/10")
        #expect(try shard("3/10", slurm(4, 1, 10, count: 10)) == "3/10")
    }

    @Test("Without a batch system, with two of them, and with variables that are not numbers auto is refused")
    func unclear() {
        #expect(throws: BatchFailure.none) { try shard("auto/3") }
        #expect(throws: BatchFailure.several([.slurm, .kubernetes])) {
            try shard("auto/10", slurm(3, 0, 9, count: 10).merging(["JOB_COMPLETION_INDEX": "1"]) { $1 })
        }
        #expect(throws: BatchFailure.missing("SLURM_ARRAY_TASK_MIN")) {
            try shard("auto", ["SLURM_ARRAY_TASK_ID": "1"])
        }
        #expect(throws: BatchFailure.malformed(name: "NOMAD_ALLOC_INDEX", value: "")) {
            try shard("auto/2", ["NOMAD_ALLOC_INDEX": ""])
        }
    }
}
