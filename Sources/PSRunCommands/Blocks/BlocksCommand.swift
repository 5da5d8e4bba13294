import Configuration
import Fleet
import PSRunCommandLine
import PSRunVersion
import Preparation
import RecordingFormat
import Reports
import Results
import Sessions

/// `psrun blocks PLAYBOOK …`
enum BlocksCommand {
    /// Asks every target's parser where the playbook's blocks end, and prints them.
    /// - Returns: the program's exit code.
    static func run(
        _ invocation: RunInvocation,
        _ settings: HostSettings,
        environment: [String: String]
    ) async -> Int32 {
        await RunCommand.prepared(invocation, settings, environment) {
            (prepared, output, mask) throws(CommandFailure) in
            for word in prepared.wordsOnTargets.prefix(1) { output.complain(word) }
            for remark in prepared.remarksOnTargets { output.remark(remark) }
            var plan = prepared.plan(columns: output.columns, version: Version.current)
            plan.isRecorded = false
            plan.changeSessions { session in
                session.language = nil
                session.endsBehindCut = true
            }
            let blocks = BlocksOfTargets()
            let run = CommandLineRun(output, exitFromSession: false, blocks: blocks)
            let exitCode = run.exitCode(of: try await run.run(plan, mask: mask))
            let list = BlockList(playbook: invocation.playbook.name, targets: blocks.targets)
            for why in list.targets.compactMap(\.whyNotCut) { output.complain(why) }
            if invocation.targets == .local, list.targets.contains(where: { $0.isPOSIXShell }) {
                output.complain("there is no pwsh in PATH here; --host names a computer that has PowerShell")
            }
            switch output.format {
            // The others are refused.
            case .text, .junit, .nagios: output.show(mask.masked(list.text))
            case .json: show([list.json], to: output, mask)
            case .jsonl: show(list.jsonLines, to: output, mask)
            }
            guard await run.finish(plan), list.targets.allSatisfy({ $0.whyNotCut == nil }) else {
                return exitCode == 0 ? ExitCode.notAllWell.number : exitCode
            }
            return exitCode
        }
    }

    private static func show(_ values: [JSONValue], to output: RunOutput, _ mask: SecretMask) {
        for value in values { output.show(mask.masked(String(decoding: value.compact, as: UTF8.self)) + "\n") }
    }
}
