import Audit
import Glibc
import PSRunTestSupport
import Recording
import RecordingFormat
import Synchronization
import Testing

/// Whatever somebody does to a folder of signed runs whose head is known, neither `verify` nor the script passes it.
///
/// `Tests/Benchmarks/mutations.sh COUNT SEED` asks for more of them than every test run can take.
@Suite struct MutationTests {
    private static let count = getenv("PSRUN_MUTATIONS").flatMap { Int(String(cString: $0)) } ?? 210
    private static let seed = TestSeed.value
    private static let workers = 2

    @Test("No mutation passes verify, and none passes the script")
    func nothingPasses() async throws {
        let bench = try await MutationBench()
        let passed = try await withThrowingTaskGroup { group in
            for worker in 0..<Self.workers {
                group.addTask {
                    try await bench.run(stride(from: worker, to: Self.count, by: Self.workers), seed: Self.seed)
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(passed.isEmpty, "\(passed.prefix(20))")
    }

    @Test("The folder itself passes both")
    func theBasePasses() async throws {
        let bench = try await MutationBench()
        let folder = try TemporaryFolder()
        try StoreImage.change(folder, from: StoreImage(), to: bench.base.image)
        let audit = try bench.audit(folder)
        #expect(audit.isProved, "\(audit.allFindings)")
        #expect(audit.runs.map(\.state) == [.pruned, .sealed, .sealed, .sealed])
        #expect(audit.runs.allSatisfy { $0.signature?.isTrusted == true })
        let script = try await bench.script(folder)
        #expect(script.ending == .exited(0), "\(script)")
        #expect(script.output == "Proved: 3 runs and 1 pruned ones, 8 lines of the chain.\n")
    }
}

/// The folder that is mutated, and both verifiers.
struct MutationBench: Sendable {
    let base: MutationBase
    private let owners: SigningKeys
    private let checked = CheckedSignatures()

    init() async throws {
        owners = try await SigningKeys()
        let strangers = try await SigningKeys()
        var nights: [Night] = []
        var archives: [String: ArchiveForge] = [:]
        let targets = [["web01", "root@web02:2222"], (1...18).map { "db\($0)" }, ["localhost"], ["a", "b", "c"]]
        for (day, targets) in zip(22..., targets) {
            let (night, forge) = try await RecordedNight.make(day: day, targets: targets)
            nights.append(night)
            archives[night.name] = forge
        }
        let events: [StoreEvent] = [
            .seal(nights[0]), .access(nights[0].name), .seal(nights[1]), .seal(nights[2]), .prune(nights[0].name),
            .access(nights[2].name), .seal(nights[3]), .access(nights[1].name),
        ]
        base = try MutationBase(
            events,
            archives: archives,
            owner: Signer(owners),
            stranger: Signer(strangers)
        )
    }

    /// Tries these mutations, each by its number.
    /// - Returns: those that passed.
    func run(_ numbers: some Sequence<Int>, seed: UInt64) async throws -> [String] {
        let folder = try TemporaryFolder()
        try StoreImage.change(folder, from: StoreImage(), to: base.image)
        var passed: [String] = []
        for number in numbers {
            var random = SplitMix64(seed: seed &* 1_000_003 &+ UInt64(number))
            let mutation = Mutation.allCases[number % Mutation.allCases.count]
            let image = try base.mutated(by: mutation, using: &random)
            try StoreImage.change(folder, from: base.image, to: image)
            if try audit(folder).isProved { passed.append("verify passes \(mutation) \(number)") }
            let outcome = try await script(folder)
            if outcome.ending == .exited(0) { passed.append("the script passes \(mutation) \(number)") }
            if case .exited = outcome.ending {} else { passed.append("\(mutation) \(number): \(outcome)") }
            try StoreImage.change(folder, from: image, to: base.image)
        }
        // Had one of them not been undone, all that came after would have failed for its sake.
        if try !audit(folder).isProved { passed.append("the folder is not what it was") }
        return passed
    }

    func audit(_ folder: TemporaryFolder) throws -> StoreAudit {
        let owners = owners
        let signatures = SignatureCheck(isRequired: true) { [checked] signature, bytes, seconds in
            checked.status(signature, bytes, seconds, owners)
        }
        return try StoreAudit.of(
            StoreAudit.Request(folder: folder.path, heads: [base.head], signatures: signatures)
        )
    }

    func script(_ folder: TemporaryFolder) async throws -> ProgramOutcome {
        let script = VerifyScript(
            recordings: folder.path,
            signers: owners.allowedSigners,
            signer: nil,
            requiresSignature: true,
            heads: [base.head],
            runs: []
        )
        return try await ChildProgram.run(["/bin/sh", "-c", script.text])
    }
}

/// What ssh-keygen said, asked once for the same bytes.
private final class CheckedSignatures: Sendable {
    private let known = Mutex<[[[UInt8]]: Result<SignatureStatus, RecordingError>]>([:])

    func status(
        _ signature: [UInt8],
        _ bytes: [UInt8],
        _ seconds: Int64,
        _ keys: SigningKeys
    ) -> Result<SignatureStatus, RecordingError> {
        if let status = known.withLock({ $0[[signature, bytes]] }) { return status }
        let status = Result { () throws(RecordingError) in
            try SSHSignature.check(
                signature,
                of: bytes,
                signers: AllowedSigners(file: keys.allowedSigners),
                at: seconds,
                environment: keys.environment
            )
        }
        known.withLock { $0[[signature, bytes]] = status }
        return status
    }
}
