import Playbooks
import Sessions
import Testing
import WinRMParameters

@testable import Fleet

/// How long the opening of a session over WinRM may take.
struct OpeningLimitTests {
    @Test(
        "Of both limits the shorter counts, and New-PSSessionOption's where neither was given",
        arguments: [
            (nil, nil, .seconds(180), "-SessionOption OpenTimeout"),
            (nil, .seconds(600), .seconds(600), "-SessionOption OpenTimeout"),
            (.seconds(300), nil, .seconds(300), "--connecting-timeout"),
            (.seconds(300), .seconds(60), .seconds(60), "-SessionOption OpenTimeout"),
            (.seconds(30), .seconds(60), .seconds(30), "--connecting-timeout"),
        ] as [(Duration?, Duration?, Duration, String)]
    )
    func shorter(_ connecting: Duration?, _ open: Duration?, _ wanted: Duration, _ name: String) throws {
        var parameters = WSManParameters()
        parameters.openTimeout = open
        let target = RunTarget(try WSManPlace(.computer("srv01"), parameters))
        var plan = try self.plan(for: target)
        plan.connectingTimeout = connecting
        #expect(plan.connectingTimeout(of: target) == wanted)
        #expect(plan.connectingTimeoutName(of: target) == name)
    }

    @Test("On other ways nothing bounds an opening that was given no limit")
    func others() throws {
        #expect(try plan(for: .local).connectingTimeout(of: .local) == nil)
    }

    private func plan(for target: RunTarget) throws -> RunPlan {
        RunPlan(
            playbook: try Playbook(bytes: Array("hostname\n".utf8)),
            playbookName: "nightly.ps1",
            playbookBytes: [],
            targets: [target],
            session: SessionOptions(target: "", label: "", computerName: ""),
            recording: RecordingPlan(psrunVersion: "0"),
            startedSeconds: 0,
            environment: [:]
        )
    }
}
