import CLIXML
import PSRP
import Testing

@testable import Sessions

/// Lines go to the target, or nowhere.
@Suite("Lines that enter another session")
struct NestedSessionTests {
    /// What PowerShell 7 says to a client that does not debug (ServerRemoteHost.PushRunspace).
    private static let refusal =
        "Enter-PSSession: Cannot enter Runspace because there is no server remote debugger available."

    private static func run(_ playbook: String, _ script: [String: [[ScriptedClient.Act]]]) throws -> SessionRun {
        var run = try SessionRun(playbook, ScriptedClient(script))
        run.start()
        return run
    }

    @Test("A refused Enter-PSSession ends the run there, and no later line runs on the outer host")
    func refused() throws {
        let run = try Self.run(
            "'before'\nEnter-PSSession -HostName h1\nhostname\nexit\n'back'",
            [
                "Enter-PSSession -HostName h1": [[.errorLine(Self.refusal), .end(.completed)]],
                ScriptedClient.probe: [ScriptedClient.probed(true), ScriptedClient.probed(false)],
            ]
        )
        #expect(run.outcomes == [.ok, .error, .notSent, .notSent, .notSent])
        #expect(!run.session.client.createdTexts.contains("hostname"))
        #expect(run.session.client.requests.last == .close)
        let failure = try #require(run.result?.failure)
        #expect(failure.code == "NestedSession")
        #expect(failure.message.contains("line 2"))
        #expect(run.result?.outcome == .error)
    }

    @Test(
        "However the refusal is worded and wherever the call stands, the run ends behind it",
        arguments: [
            [.errorLine(refusal), .end(.completed)],
            [.errorLine("     | \u{1B}[31;1mCannot enter Runspace because there is no server"), .end(.completed)],
            [.error(terminatingError("Cannot enter Runspace because it is not a remote Runspace.")), .end(.completed)],
            [.end(.failed, terminatingError("The current host does not support the Enter-PSHostProcess cmdlet."))],
        ] as [[ScriptedClient.Act]]
    )
    func refusedInAFunction(acts: [ScriptedClient.Act]) throws {
        let run = try Self.run("go\n2", ["go": [acts]])
        #expect(run.outcomes.last == .notSent)
        #expect(run.result?.failure?.code == "NestedSession")
    }

    @Test(
        "An entry that fails for another reason ends the run as well",
        arguments: [
            "Enter-PSSession h1", "etsn h1", "$null = enter-pssession -HostName h1", "if (1) { Enter-PSSession h1 }",
            "# go\nEnter-PSSession h1 # there", "Microsoft.PowerShell.Core\\Enter-PSSession h1",
            "'a'; & Enter-PSSession h1", "<# c #> . Enter-PSHostProcess -Id 1",
        ]
    )
    func failed(text: String) throws {
        #expect(NestedSession.isEntered(by: text))
        let run = try Self.run(
            "etsn h1\n2",
            ["etsn h1": [[.end(.failed, terminatingError("no route to host", errorID: "PSSessionOpenFailed"))]]]
        )
        #expect(run.outcomes == [.failed, .notSent])
        #expect(run.result?.failure?.code == "NestedSession")
    }

    @Test(
        "A text that only names the command enters nothing",
        arguments: [
            "Get-Help Enter-PSSession", "# Enter-PSSession h1", "<#\nEnter-PSSession\n#> 1", "'Enter-PSSession h1'",
            "\"`\"; Enter-PSSession\"", "Write-Error 'use; Enter-PSSession'", "Enter-PSSession2 h1", "echo etsn", "",
            "`", "\"", "<#", "Enter-PSSession.exe",
        ]
    )
    func named(text: String) throws {
        #expect(!NestedSession.isEntered(by: text))
    }

    @Test("An entry whose failure the step catches by itself ends the run as well; a definition does not")
    func caught() throws {
        let caught = "try { Enter-PSSession h1 } catch { 'no' }"
        let run = try Self.run("\(caught)\n2", [:])
        #expect(run.outcomes == [.ok, .notSent])
        #expect(run.result?.failure?.code == "NestedSession")
        #expect(run.result?.outcome == .error)
        let defined = try Self.run("function f { \(caught) }\n2", [:])
        #expect(defined.outcomes == [.ok, .ok])
    }

    @Test("A step that only names the command, and an entry that came about, let the run go on")
    func goesOn() throws {
        let run = try Self.run(
            "Get-Help Enter-PSSession\nEnter-PSSession h1\n2",
            [
                "Get-Help Enter-PSSession": [[.errorLine("Get-Help: no help"), .end(.completed)]],
                ScriptedClient.probe: [ScriptedClient.probed(false), ScriptedClient.probed(true)],
            ]
        )
        #expect(run.outcomes == [.error, .ok, .ok])
        #expect(run.result?.failure == nil)
    }

    @Test("A text of megabytes is looked through once")
    func long() {
        let text = String(repeating: "'a' # Enter-PSSession\n", count: 100_000)
        #expect(!NestedSession.isEntered(by: text))
        #expect(NestedSession.isEntered(by: text + "etsn h1"))
    }
}
