/// What PowerShell itself says around the prompts of a far side (console/prompts.txt, console/tty.txt).
enum PromptText {
    static func secureField(_ computer: String) -> String {
        "A script or application on the remote computer \(computer) is sending a prompt request. When you are prompted, "
            + "enter sensitive information, such as credentials or passwords, only if you trust the remote computer and "
            + "the application or script that is requesting the data."
    }

    static func secureLine(_ computer: String) -> String {
        "A script or application on the remote computer \(computer) is asking to read a line securely. Enter sensitive "
            + "information, such as your credentials, only if you trust the remote computer and the application or "
            + "script that is requesting it."
    }

    static func credentialCaption(_ caption: String) -> String { "PowerShell Credential Request: \(caption)" }

    static func credentialWarning(_ computer: String) -> String {
        "Warning: A script or application on the remote computer \(computer) is requesting your credentials. Enter your "
            + "credentials only if you trust the remote computer and the application or script that is requesting them."
    }

    static func heading(_ caption: String, _ message: String) -> String {
        (caption.isEmpty ? "" : "\n" + caption + "\n") + (message.isEmpty ? "" : message + "\n")
    }

    /// Breaks `text` before the word or the blanks that would reach the last column, as a console does.
    static func wrapped(_ text: String, columns: Int) -> String {
        var output = ""
        var column = 0
        for token in tokens(text) {
            if token == "\n" {
                column = 0
            } else if column > 0, column + token.count > columns - 1 {
                output += "\n"
                column = token.count
            } else {
                column += token.count
            }
            output += token
        }
        return output
    }

    /// Words, runs of blanks, and line ends.
    private static func tokens(_ text: String) -> [Substring] {
        var tokens: [Substring] = []
        var rest = text[...]
        while let first = rest.first {
            let token = first == "\n" ? rest.prefix(1) : rest.prefix { $0 != "\n" && ($0 == " ") == (first == " ") }
            tokens.append(token)
            rest = rest[token.endIndex...]
        }
        return tokens
    }
}
