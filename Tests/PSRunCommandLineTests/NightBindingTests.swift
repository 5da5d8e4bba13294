import PSRunCommandLine
import Testing

/// What --cron fills in, and what it lets be.
struct NightBindingTests {
    private func run(_ line: String) throws -> RunInvocation? {
        guard case .run(let run) = try bind(arguments: line.split(separator: " ").map(String.init)) else { return nil }
        return run
    }

    @Test("Under --cron a session opens within 30 seconds, a target ends within an hour, and nobody is told of colors")
    func defaults() throws {
        let night = try #require(try run("--cron nightly.ps1"))
        #expect(night.cron)
        #expect(night.connectingTimeout == .milliseconds(30_000))
        #expect(night.limits.target == .seconds(3_600))
        #expect(night.output.color == .never)
        #expect(night.verbosity == .quiet)
        #expect(!night.prompts.asksPerson)
        let day = try #require(try run("nightly.ps1"))
        #expect(day.connectingTimeout == nil && day.limits.target == nil && !day.cron)
    }

    @Test(
        "What the command line says of the limits counts, in both spellings and with no limit",
        arguments: [
            ("-ConnectingTimeout 500", Duration.milliseconds(500)), ("--connecting-timeout 5s", .seconds(5)),
            ("-ConnectingTimeout -1", nil),
        ] as [(String, Duration?)]
    )
    func given(_ option: String, _ limit: Duration?) throws {
        let night = try #require(try run("--cron nightly.ps1 --host a \(option) --target-timeout 2h"))
        #expect(night.connectingTimeout == limit)
        #expect(night.limits.target == .seconds(7_200))
        let day = try #require(try run("nightly.ps1 --host a \(option)"))
        #expect(day.connectingTimeout == limit)
    }

    @Test("A dry run under --cron is one, and is told")
    func dryRun() throws {
        #expect(try run("--cron nightly.ps1 -n")?.verbosity == .normal)
    }
}
