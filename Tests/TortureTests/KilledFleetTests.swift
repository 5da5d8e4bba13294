import FoundationEssentials
import Glibc
import PSRunTestSupport
import Testing

/// psrun is killed at moments that nobody chose, and continued until nothing is left. As often as CI does it; with
/// PSRUN_KILLS, so many times, and of 1,000 targets.
@Suite(.serialized)
struct KilledFleetTests {
    private static let kills = getenv("PSRUN_KILLS").flatMap { Int(String(cString: $0)) }
    private static let program = BuiltProgram.path.dropLast("psrun".count) + "KilledFleet"

    @Test("SIGKILL at any moment: each line on each host ran never, once, or is reported unknown")
    func killed() async throws {
        var random = SplitMix64(seed: 11)
        let hosts = Self.kills == nil ? 100 : 1_000
        // How long a run takes that nobody kills.
        let whole = try await Self.timed(hosts, seed: random.next() % 1_000)
        var (kills, rounds) = (0, 0)
        var seen: [String: Int] = [:]
        while kills < Self.kills ?? 10 {
            rounds += 1
            let night = try Night(hosts: hosts, seed: random.next() % 1_000)
            var isFirst = true
            while true {
                // Every other time it is let go of only when all is over, or next to it.
                let limit = Double.random(in: 0..<whole * 1.1, using: &random)
                let end = try await night.pass(isFirst: isFirst, killedAfter: kills < Self.kills ?? 10 ? limit : nil)
                isFirst = false
                if end == nil { kills += 1 }
                guard end.map({ $0 != 0 && $0 != 1 }) ?? true else { break }
                #expect([nil, 0, 10, 11].contains(end), "\(night)")
                if end == 11 { isFirst = true }
            }
            for (state, count) in try await night.check() { seen[state, default: 0] += count }
            try await night.repeatUnknown()
        }
        print("\(kills) kills in \(rounds) nights of \(hosts) targets: \(seen)")
        #expect(seen["ran", default: 0] > 0)
    }

    /// The seconds of a run from its beginning to its end.
    private static func timed(_ hosts: Int, seed: UInt64) async throws -> Double {
        let night = try Night(hosts: hosts, seed: seed)
        let began = ContinuousClock.now
        #expect(try await night.pass(isFirst: true, killedAfter: nil) == 0)
        return (ContinuousClock.now - began) / .seconds(1)
    }

    /// A run, what continues it, and what its hosts have seen.
    private struct Night: CustomStringConvertible {
        let hosts: Int
        let seed: UInt64
        private let folder: TemporaryFolder
        private let recordings: String
        private let logs: String

        init(hosts: Int, seed: UInt64) throws {
            (self.hosts, self.seed) = (hosts, seed)
            folder = try TemporaryFolder()
            recordings = try folder.makeFolder("recordings")
            logs = try folder.makeFolder("logs")
        }

        var description: String { "seed \(seed), \(hosts) hosts" }

        /// - Parameter seconds: when it is killed; nil lets it end.
        /// - Returns: its exit code; nil where it was killed.
        func pass(isFirst: Bool, killedAfter seconds: Double?) async throws -> Int32? {
            let verb =
                isFirst ? ["run", recordings, logs, "\(hosts)", "\(seed)"] : ["resume", recordings, logs, "\(seed)"]
            let program = try ChildProgram([String(KilledFleetTests.program)] + verb)
            if let seconds {
                try await Task.sleep(for: .seconds(seconds))
                program.signal(SIGKILL)
            }
            let ended = try await program.outcome(within: 300)
            switch ended.ending {
            case .killed: return nil
            case .timedOut: throw TestSupportError("\(self) hangs: \(ended)")
            case .exited(let code):
                #expect(code != 2 && code != 3, "\(self): \(ended)")
                return code
            }
        }

        /// Compares what was recorded with what the hosts have seen.
        /// - Returns: how many lines have which state.
        func check() async throws -> [String: Int] {
            let told = try await ChildProgram.run([String(KilledFleetTests.program), "tell", recordings], within: 300)
            #expect(told.ending == .exited(0), "\(self): \(told.errors)")
            var states: [String: [String: String]] = [:]
            for line in told.output.split(separator: "\n") {
                let words = line.split(separator: " ").map(String.init)
                guard words.count == 3 else { throw TestSupportError("\(line)") }
                states[words[0], default: [:]][words[1]] = words[2]
            }
            #expect(states.count == hosts, "\(self)")
            var seen: [String: Int] = [:]
            for (host, lines) in states {
                let ran = try traces(of: host)
                for (number, text) in KilledFleetTests.lines {
                    let (count, state) = (ran[text, default: 0], lines["\(number)"] ?? "none")
                    seen[state, default: 0] += 1
                    let isTrue =
                        switch state {
                        case "ran": count == 1
                        case "not_sent": count == 0
                        case "unknown": count <= 1
                        default: false
                        }
                    #expect(isTrue, "\(self), \(host), line \(number) ran \(count) times and is \(state): \(lines)")
                }
            }
            return seen
        }

        /// Sends what is in doubt once more, until all has run.
        func repeatUnknown() async throws {
            let before = try (0..<hosts).map { try traces(of: "host\($0)") }
            let arguments = [String(KilledFleetTests.program), "resume", recordings, logs, "\(seed)", "repeat"]
            let ended = try await ChildProgram.run(arguments, within: 300)
            #expect([.exited(0), .exited(10)].contains(ended.ending), "\(self): \(ended)")
            for host in 0..<hosts {
                let after = try traces(of: "host\(host)")
                for (number, text) in KilledFleetTests.lines {
                    let count = after[text, default: 0]
                    #expect((1...2).contains(count), "\(self), host\(host), line \(number): \(count)")
                    #expect(count <= 1 || before[host][text] == 1, "\(self), host\(host), line \(number): \(count)")
                }
            }
        }

        private func traces(of host: String) throws -> [String: Int] {
            guard let data = try? Data(contentsOf: URL(filePath: "\(logs)/\(host)")) else { return [:] }
            let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
            return Dictionary(lines.map { ($0, 1) }, uniquingKeysWith: +)
        }
    }

    /// The lines of the playbook that leave a trace.
    private static let lines = [(1, "step-1"), (2, "step-2"), (4, "step-4"), (6, "step-6"), (8, "step-8")]
}
