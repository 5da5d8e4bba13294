import CLIXML
import PSRP
import Testing

@testable import Sessions

/// What `exit` is said to end in a session that a broker keeps.
struct VisitEndingTests {
    @Test(
        "exit in a kept session ends the visit; that the session stays open is said where it has let the visitor leave",
        arguments: [true, false]
    )
    func exitOfVisit(isCloseAnswered: Bool) throws {
        let exit: [ScriptedClient.Act] = [.host(.setShouldExit, [.int32(3)]), .end(.completed)]
        var run = try SessionRun("exit", ScriptedClient(["exit": [exit]])) { $0.farEndpoint = .kept }
        run.session.client.isCloseAnswered = isCloseAnswered
        run.start()
        if !isCloseAnswered { run.wait(.seconds(30)) }
        let end = isCloseAnswered ? "; the kept session stays open" : ""
        #expect(run.result?.failure?.message == "op@web01:22: line 1 ended this visit with exit code 3\(end)")
        #expect(run.result?.failure?.code == "NonZeroExit" && run.result?.exitCode == 3)
    }
}
