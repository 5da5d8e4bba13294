import Glibc
import PSRunTestSupport
import Testing

/// Slurm's own daemons, of Debian.
struct SlurmTests {
    private static let isPossible =
        geteuid() == 0
        && ["munged", "slurmctld", "slurmd", "sbatch", "unshare"].allSatisfy { name in
            ["/usr/sbin", "/usr/bin"].contains { access("\($0)/\(name)", X_OK) == 0 }
        }

    @Test("Arrays of Slurm's tell each task its shard, and lists with holes are refused", .enabled(if: isPossible))
    func arrays() async throws {
        let folder = try TemporaryFolder()
        let names = (1...20).map { "h\($0)" }
        let inventory = try folder.write("[all]\n" + names.map { $0 + "\n" }.joined(), to: "hosts.ini")
        let place = try folder.makeFolder("slurm")
        let arrays = ["0-3", "1-10:3", "0,2,3", "7,3", "3-4=auto/10"]
        let command = ["\(Peers.folder)/slurm.sh", place, BuiltProgram.path, inventory] + arrays
        let ended = try await ChildProgram(command).outcome(within: 70)
        try #require(ended.ending == .exited(0), "\(ended)")

        for tasks in [(0...3).map { "0-3.\($0)" }, [1, 4, 7, 10].map { "1-10:3.\($0)" }] {
            let told = try tasks.map { try text("\(place)/\($0).out") }
            #expect(told.joined().split(separator: "\n").map(String.init).sorted() == names.sorted())
            for (index, task) in tasks.enumerated() {
                #expect(try text("\(place)/\(task).err").contains("shard \(index)/4"))
                #expect(try text("\(place)/\(task).code") == "0\n")
            }
        }
        for task in ["0,2,3.0", "0,2,3.2", "0,2,3.3", "7,3.3", "7,3.7"] {
            #expect(try text("\(place)/\(task).code") == "2\n")
            #expect(try text("\(place)/\(task).err").contains("a list with holes"))
        }
        #expect(try text("\(place)/3-4.4.err").contains("auto/10 is given, and Slurm has 2 tasks here"))
    }

    private func text(_ path: String) throws -> String {
        String(decoding: try contents(of: path), as: UTF8.self)
    }
}
