/// What a playbook is written in, as its file's ending says.
package enum PlaybookLanguage: Sendable, Hashable {
    case powerShell
    case posixShell

    /// - Parameter fileName: `.ps1` is for PowerShell, `.sh` for a POSIX shell, letter case aside; nil for any other.
    package init?(fileName: String) {
        let name = fileName.lowercased()
        if name.hasSuffix(".ps1") {
            self = .powerShell
        } else if name.hasSuffix(".sh") {
            self = .posixShell
        } else {
            return nil
        }
    }
}
