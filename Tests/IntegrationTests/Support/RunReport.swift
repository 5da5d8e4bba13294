import Foundation
import PSRunTestSupport

/// What `--format json` prints, as its manual names it.
struct RunReport: Decodable, Sendable {
    var exitCode: Int
    var recording: String?
    var targets: [Target]

    struct Target: Decodable, Sendable {
        var target: String
        var outcome: String
        var well: Bool?
        var exitCode: Int?
        var linesNotSent: Int?
        var phase: String?
        /// Microseconds of each phase; nil where it was not reached.
        var phasesUs: [String: Int?]
        var error: Failure?
        var steps: [Step]
    }

    struct Failure: Decodable, Sendable {
        var code: String
        var message: String
    }

    struct Step: Decodable, Sendable {
        var firstLine: Int
        var lastLine: Int
        var text: String
        var outcome: String
        var succeeded: Bool?
        var lastExitCode: Int?
        var output: String?
    }
}

extension ProgramOutcome {
    /// Its standard output as a run's report.
    func report() throws -> RunReport {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(RunReport.self, from: Data(standardOutput))
        } catch {
            throw TestSupportError("no report: \(error)\n\(self)")
        }
    }

    /// The only target of its report.
    func onlyTarget() throws -> RunReport.Target {
        let report = try report()
        guard let target = report.targets.first, report.targets.count == 1 else {
            throw TestSupportError("\(report.targets.count) targets\n\(self)")
        }
        return target
    }
}
