import CLIXML
import Playbooks

/// What a far side says of itself in APPLICATION_PRIVATE_DATA.
enum FarSide {
    /// psrun's endpoint names its language in PSVersionTable; whatever else answers is a PowerShell.
    static func language(_ privateData: PSValue) -> PlaybookLanguage {
        let data = privateData["ApplicationPrivateData"] ?? privateData
        let language = data[key: "PSVersionTable"]?[key: "Language"]?.text
        return language == "sh" ? .posixShell : .powerShell
    }

    /// What messages call a far side of this language.
    static func name(_ language: PlaybookLanguage) -> String {
        switch language {
        case .powerShell: "PowerShell"
        case .posixShell: "a POSIX shell"
        }
    }
}
