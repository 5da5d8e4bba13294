extension Reference {
    /// What a user of PowerShell meets behind `psrun endpoint`.
    static let endpointShell: [(name: String, meaning: String)] = [
        (
            "*, ?, [abc], ~, ~/x",
            "Expanded in a program's arguments, as by a real server, quoted ones too: PowerShell's client takes a simple line "
                + "apart and sends no quotes. What matches nothing stays as it is."
        ),
        (
            "A literal * or ~",
            "Make the line one that the client sends as text: find . -name '*.log' && true. Or put it into an argument with a "
                + "blank: sh -c 'find . -name \"*.log\"'. psrun sends every line as it is written."
        ),
        ("NAME=VALUE", "At the prompt, an assignment; VALUE is taken as it is."),
        (
            "A trailing &",
            "Dropped by PowerShell's client, which then waits. Use sh -c 'COMMAND >FILE 2>&1 &'."
        ),
        (
            "Invoke-Command -ArgumentList, -FilePath",
            "The arguments are $1, $2, … of the text. Names, dictionaries, lists, $using:, param and $args are refused before "
                + "anything runs."
        ),
        (
            "Copy-Item -ToSession, Import-PSSession",
            "Refused, since they need PowerShell on both sides: use scp, sftp or rsync, and programs by their names."
        ),
    ]
}
