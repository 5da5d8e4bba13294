/// Why a pipeline is not run: nothing of it has.
struct Refusal: Error, Sendable, Hashable {
    /// What was asked, why it cannot be, and what to do instead.
    let message: String

    init(_ message: String) {
        self.message = message
    }
}

// MARK: Arguments
extension Refusal {
    static func noText(_ kind: String) -> Refusal {
        Refusal(
            "One of the arguments is \(kind), which has no text that a program could take. Nothing was run: pass strings "
                + "or numbers."
        )
    }

    static func input(_ kind: String) -> Refusal {
        Refusal(
            "The pipeline's input holds \(kind), which has no text that a program could read: send strings or numbers."
        )
    }

    static func named(_ name: String) -> Refusal {
        Refusal(
            "The argument \(name) has a name, and the arguments of a POSIX shell's text have places only: $1, $2, … "
                + "Nothing was run: pass them in order, as Invoke-Command -ArgumentList does."
        )
    }

    static let list = Refusal(
        "One of the arguments is a list, and each of a POSIX shell's $1, $2, … is one text. Nothing was run: pass the "
            + "elements as arguments of their own."
    )

    static let usingValues = Refusal(
        "The script block has $using: in it, which a POSIX shell (psrun endpoint) does not know. Nothing was run: pass the "
            + "values by -ArgumentList, and write $1, $2, … for them."
    )

    static let argsVariable = Refusal(
        "The text has arguments and says $args, which is empty in a POSIX shell (psrun endpoint). Nothing was run: write "
            + #"$1, $2, … or "$@" for the arguments."#
    )

    static let parameterBlock = Refusal(
        "The text begins with param, which is PowerShell's, and this is a POSIX shell (psrun endpoint). Nothing was run: "
            + "write $1, $2, … for the arguments."
    )

    static let nul = Refusal("The line holds a NUL, which a shell cannot take.")
}

// MARK: Cmdlets of the client's
extension Refusal {
    static let copyItem = Refusal(
        "Copy-Item -ToSession and -FromSession need PowerShell on both sides, and this is a POSIX shell (psrun endpoint). "
            + "Nothing was run: use scp, sftp or rsync, or a here-document."
    )

    static let importing = Refusal(
        "Import-PSSession and Export-PSSession need the cmdlets of a PowerShell, and this is a POSIX shell (psrun endpoint): "
            + "it has programs, which are run by their names with Enter-PSSession or Invoke-Command."
    )
}
