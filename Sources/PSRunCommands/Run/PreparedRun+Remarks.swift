import PSRunCommandLine
import Playbooks

extension PreparedRun {
    /// What of the playbook means nothing in a session, a sentence for each kind of it.
    var remarksOnPlaybook: [String] {
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
