import Foundation
import Glibc
import PSRunTestSupport
import Testing

/// A disk that is full or broken, at each thing that psrun does to it: the right exit code, never a silent success, and
/// what was shown as finished is there afterwards.
@Suite(.serialized)
struct FailingDiskTests {
    private static let policies = ["stop", "finish-step", "continue"]
    private static let lines = ["one", "two", "three"]

    /// The disk fills up at that operation, or fails at it alone.
    private static func faults(at nth: Int) -> [FaultyDisk.Fault] {
        [
            FaultyDisk.Fault(nth: nth, code: ENOSPC, fillsUp: true),
            FaultyDisk.Fault(nth: nth, code: EIO, fillsUp: false),
        ]
    }

    /// Both faults under each policy where the long tests are asked for, else each policy under one of them.
    private static func cases(at nth: Int) -> [(policy: String, fault: FaultyDisk.Fault)] {
        let isLong = ProcessInfo.processInfo.environment["PSRUN_LONG_TESTS"] != nil
        return policies.enumerated().flatMap { index, policy in
            let both = faults(at: nth).map { (policy: policy, fault: $0) }
            return isLong ? both : [both[(nth + index) % 2]]
        }
    }

    private static func server() throws -> ServedProcess {
        try ServedProcess(locally: [BuiltProgram.path, "endpoint"])
    }

    /// Runs three lines as a person would see them; what came of it, and what was done to the disk.
    private static func run(
        _ server: ServedProcess,
        _ fault: FaultyDisk.Fault?,
        policy: String
    ) async throws -> (outcome: ProgramOutcome, operations: [FaultyDisk.Operation]) {
        let disk = FaultyDisk(server.place)
        let playbook = try server.place.playbook(lines.map { "echo \($0)\n" }.joined(), named: "three.sh")
        let outcome = try await server.place.psrun(
            [playbook, "--on-record-failure", policy],
            environment: server.environment.merging(disk.environment(fault)) { $1 }
        )
        return (outcome, try disk.operations())
    }

    @Test("Every write, sync, rename and opening of a run's recording may fail, under each policy")
    func everyOperation() async throws {
        let well = try Self.server()
        let (outcome, operations) = try await Self.run(well, nil, policy: "stop")
        #expect(outcome.ending == .exited(0), "\(outcome)")
        // What there is to fail: the folder, the journal, the archive, the manifest and the names they get.
        for name in ["mkdir", "open", "write", "fdatasync", "fsync", "rename"] {
            #expect(operations.contains { $0.name == name }, "\(name)")
        }
        #expect(operations.count > 25)
        try await concurrently(operations.indices.flatMap(Self.cases(at:)), width: 4) { policy, fault in
            try await Self.check(fault, policy: policy)
        }
    }

    @Test("A disk that does not answer any more holds a run's end no longer than the grace, and that is said")
    func silentDisk() async throws {
        let well = try Self.server()
        let operations = try await Self.run(well, nil, policy: "stop").operations
        // What a seal does begins with the second half; all of it takes minutes.
        let isLong = ProcessInfo.processInfo.environment["PSRUN_LONG_TESTS"] != nil
        let places = operations.indices.filter { isLong || $0 % 3 == 0 || operations[$0].name == "fdatasync" }
        try await concurrently(places, width: 4) { nth in
            let server = try Self.server()
            let disk = FaultyDisk(server.place)
            let playbook = try server.place.playbook(Self.lines.map { "echo \($0)\n" }.joined(), named: "three.sh")
            let (began, delay) = (ContinuousClock.now, SchedulingDelay())
            let fault = FaultyDisk.Fault(nth: nth, code: EIO, fillsUp: false, isSilent: true)
            let outcome = try await server.place.psrun(
                [playbook, "--run-timeout", "2s", "--grace", "500ms"],
                environment: server.environment.merging(disk.environment(fault)) { $1 },
                within: 30
            )
            let (took, late) = (ContinuousClock.now - began, await delay.end())
            guard let failed = try disk.operations().first(where: \.isFailed) else { return }
            let what: Comment = "\(fault): \(failed.name) \(failed.path)\n\(took): \(outcome)"
            #expect(outcome.ending == .exited(3), what)
            #expect(outcome.errors.contains("has not answered for"), what)
            #expect(took < .seconds(6) + late * 4, what)
        }
    }

    private static func check(_ fault: FaultyDisk.Fault, policy: String) async throws {
        let server = try server()
        let (outcome, operations) = try await run(server, fault, policy: policy)
        // The journal is also synced once a second: a run may take one operation more or less.
        guard let failed = operations.first(where: \.isFailed) else {
            #expect(outcome.ending == .exited(0), "\(fault), \(policy): \(outcome)")
            return
        }
        let what: Comment = "\(policy), \(fault): \(failed.name) \(failed.path)\n\(outcome)"
        #expect(outcome.ending == .exited(policy == "continue" ? 6 : 3), what)
        #expect(outcome.errors.contains(String(cString: strerror(fault.code))), what)
        #expect(outcome.errors.contains(server.place.recordings), what)
        let begun = outcome.output.split(separator: "\n").filter { $0.hasPrefix("[localhost]: ") }.count
        if policy == "continue" { #expect(begun == lines.count, what) }
        // A prompt is shown when the step before it is on disk, unless the run goes on without its recording.
        try await checkRecovered(server, finished: policy == "continue" ? 0 : begun - 1, what)
    }

    /// On a disk that is well again, what was shown as finished is recovered and replayed.
    private static func checkRecovered(_ server: ServedProcess, finished: Int, _ what: Comment) async throws {
        let recovery = try await server.place.psrun(["recover"])
        guard finished > 0 else { return }
        #expect(recovery.ending == .exited(6) || recovery.ending == .exited(0), "\(what)\n\(recovery)")
        let replay = try await server.place.psrun(["replay", "last", "--instant"])
        for line in lines.prefix(finished) {
            #expect(replay.output.contains("echo \(line)\n\(line)\n"), "\(what)\n\(recovery)\n\(replay)")
        }
    }

    @Test("Every operation of a recovery may fail: it is said, nothing is lost, and the next recovery does it")
    func recovery() async throws {
        let killed = try Self.server()
        // The journal fails behind the third line's output, two writes a line: two lines are on disk.
        let whole = try await Self.run(killed, nil, policy: "stop").operations
        let writes = whole.indices.filter { whole[$0].name == "write" && whole[$0].path.hasSuffix("/journal") }
        let broken = try Self.server()
        let fault = FaultyDisk.Fault(nth: try #require(writes.dropFirst(6).first), code: EIO, fillsUp: false)
        let outcome = try await Self.run(broken, fault, policy: "stop").outcome
        #expect(outcome.ending == .exited(3), "\(outcome)")
        var count = 0
        for nth in 0..<100 {
            let place = try Workplace()
            try Self.copy(broken.place.recordings, to: place.recordings)
            let disk = FaultyDisk(place)
            let fault = Self.faults(at: nth)[nth % 2]
            let first = try await place.psrun(["recover"], environment: disk.environment(fault))
            guard let failed = try disk.operations().first(where: \.isFailed) else { break }
            count += 1
            let what: Comment = "\(fault): \(failed.name) \(failed.path)\n\(first)"
            // What was sealed is read once more, to tell of it.
            let isRead = failed.path.hasSuffix("/manifest.json") || failed.path.hasSuffix("/run.tar.zst")
            #expect(first.ending == .exited(failed.name == "open" && isRead ? 1 : 3), what)
            #expect(first.errors.contains(String(cString: strerror(fault.code))), what)
            let second = try await place.psrun(["recover"])
            let replay = try await place.psrun(["replay", "last", "--instant"])
            #expect(replay.output.contains("echo two\ntwo\n"), "\(what)\n\(second)\n\(replay)")
        }
        #expect(count > 10)
    }

    /// Copies a folder of folders of files.
    private static func copy(_ from: String, to: String) throws {
        for run in try FolderListing.names(in: from) {
            if Self.isFolder("\(from)/\(run)") {
                guard mkdir("\(to)/\(run)", 0o700) == 0 else { throw TestSupportError("mkdir \(to)/\(run)") }
                try copy("\(from)/\(run)", to: "\(to)/\(run)")
            } else {
                try Data(try contents(of: "\(from)/\(run)")).write(to: URL(filePath: "\(to)/\(run)"))
                guard chmod("\(to)/\(run)", 0o600) == 0 else { throw TestSupportError("chmod \(to)/\(run)") }
            }
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
