import PSRunCommandLine
import Playbooks

extension PreparedRun {
    /// What of the playbook means nothing in a session, a sentence for each kind of it. A shell's playbook has none.
    var remarksOnPlaybook: [String] {
        guard PlaybookLanguage(fileName: playbookName) != .posixShell else { return [] }
        return IneffectiveLines.found(in: playbook).map { "\(invocation.playbook), \($0.message)" }
    }
}
