import PSRunCommandLine
import Playbooks
import ProcessTransport
import Targets

extension PreparedRun {
    /// What whoever named no target has to know, however quiet psrun is to be: an empty variable looks just so.
    package var wordsOnTargets: [String] {
        guard case .local = invocation.targets, past == nil else { return [] }
        let word = "no --host was given, so this is a session on this computer"
        guard LocalEndpoint.choose(environment: environment).isOwn else { return [word] }
        return [word, "pwsh was not found in PATH, so psrun's own endpoint answered, with a POSIX shell"]
    }

    /// What inventories say that is probably not meant, and which targets were named more than once.
    package var remarksOnTargets: [String] {
        targetWarnings + duplicates.map(\.remark) + [division.remark].compactMap(\.self) + remarksOnWinRM
    }

    /// What of the playbook means nothing in a session, a sentence for each kind of it.
    package var remarksOnPlaybook: [String] {
        let name = invocation.playbook.name
        let isForShell = PlaybookLanguage(fileName: playbookName) == .posixShell
        var remarks = isForShell ? [] : IneffectiveLines.found(in: playbook).map { "\(name), \($0.message)" }
        if let interpreter = playbook.otherInterpreter {
            remarks.append(
                "\(name), line 1 names \(interpreter), which is not started: the lines run in the far side's own shell"
            )
        }
        return remarks
    }
}
