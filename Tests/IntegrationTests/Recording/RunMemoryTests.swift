import Foundation
import PSRunTestSupport
import Testing

/// Results are not held in memory, whatever their form.
struct RunMemoryTests {
    /// Prints what a program had at most, in KiB, behind its own standard output.
    private static let measure =
        "import resource,subprocess,sys; "
        + "code=subprocess.run(sys.argv[1:]).returncode; "
        + "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr); sys.exit(code)"

    private func run(_ arguments: [String], in place: Workplace) async throws -> (ProgramOutcome, peak: Int) {
        let outcome = try await ChildProgram.run(
            ["/usr/bin/python3", "-c", Self.measure, BuiltProgram.path] + arguments,
            environment: place.environment(),
            within: 120
        )
        let last = outcome.errors.split(separator: "\n").last.flatMap { Int($0) }
        return (outcome, try #require(last, "\(outcome)"))
    }

    private static func steps(_ outcome: ProgramOutcome, of format: String) throws -> [[String: Any]] {
        let text = format == "json" ? outcome.output : String(outcome.output.split(separator: "\n").first ?? "")
        let value = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        let target = format == "json" ? (value?["targets"] as? [[String: Any]])?.first : value
        return target?["steps"] as? [[String: Any]] ?? []
    }

    @Test("Twelve steps of four megabytes take hardly more memory than one, and each has all its output")
    func manySteps() async throws {
        for format in ["json", "jsonl"] {
            var peaks: [Int] = []
            for count in [1, 12] {
                let place = try Workplace()
                let step = "head -c 4000000 /dev/zero | tr '\\0' x | fold -w 100000\n"
                let playbook = try place.playbook(String(repeating: step, count: count), named: "large.sh")
                let (outcome, peak) = try await run([playbook, "--format", format], in: place)
                #expect(outcome.ending == .exited(0), "\(outcome.errors)")
                let steps = try Self.steps(outcome, of: format)
                #expect(steps.count == count)
                #expect(steps.allSatisfy { ($0["output"] as? String)?.utf8.count == 4_000_040 })
                peaks.append(peak)
            }
            #expect(peaks[1] - peaks[0] < 30_000, "\(format): \(peaks) KiB")
        }
    }
}
