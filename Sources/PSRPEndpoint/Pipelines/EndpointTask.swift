import CLIXML
package import PSRP

/// What a pipeline means here.
package enum EndpointTask: Sendable, Hashable {
    /// A text for the shell.
    case shell(ShellText)
    /// The values that the endpoint knows by itself.
    case answers([Question])
    /// `$PSVersionTable`, or a member of it; empty for all of it.
    case versions(member: String, isConsole: Bool)
    /// `Exit-PSSession`.
    case leave
    /// `Out-Default` alone: its input is written to the client's host.
    case render
    /// `TabExpansion2`: how the word at a cursor may be completed.
    case completion(CompletionQuestion)
    /// What a PowerShell client says to every server, and what means nothing to a shell.
    case nothing
    /// What cannot be done, and why.
    case refused(String)

    package enum Question: Sendable, Hashable {
        /// `$?`
        case succeeded
        /// `$LASTEXITCODE`, as a string.
        case lastExitCode
        case prompt
    }

    /// A text for the shell, and where what it writes goes.
    package struct ShellText: Sendable, Hashable {
        package var text: String
        /// What `sh -n` is to look at: the text without what hands arguments over to it.
        package var syntax: String
        /// To the client's host, line by line, since Out-Default is the last command; else to the pipeline's output.
        package var isConsole: Bool
        /// Whether stderr goes to the pipeline's output, too, where it is not a console.
        package var mergesErrors: Bool

        /// - Parameter syntax: nil for the text itself.
        package init(text: String, syntax: String? = nil, isConsole: Bool, mergesErrors: Bool) {
            self.text = text
            self.syntax = syntax ?? text
            self.isConsole = isConsole
            self.mergesErrors = mergesErrors
        }
    }
}

extension EndpointTask {
    /// psrun's own probe, word for word.
    package static let probe = PipelineRequest.stateScript.text

    /// Scripts that the endpoint answers itself: the probe, and what the real client asks (client/nested).
    private static let questions: [String: [Question]] = [
        probe: [.succeeded, .lastExitCode, .prompt],
        "prompt": [.prompt],
        "$?": [.succeeded],
        "$global:?": [.succeeded],
        "$LASTEXITCODE": [.lastExitCode],
        "$global:LASTEXITCODE": [.lastExitCode],
    ]

    package init(_ request: PipelineRequest) {
        var statements: [[PipelineCommand]] = []
        var isConsole = false
        for statement in request.statements {
            let commands = statement.filter { !Self.isOutDefault($0) }
            isConsole = isConsole || commands.count < statement.count
            if !commands.isEmpty { statements.append(commands) }
        }
        guard let first = statements.first?.first else {
            self = isConsole ? .render : .nothing
            return
        }
        if statements.count == 1, statements[0].count == 1 {
            let text = Self.trimmed(first.text.text)
            if let known = Self.known(first, text) {
                self = known
                return
            }
            if first.isScript, let member = Self.versionMember(text) {
                self = .versions(member: member, isConsole: isConsole)
                return
            }
        }
        let merges = statements.contains { $0.contains(where: \.mergesErrors) }
        do throws(Refusal) {
            let line = try CommandText(statements)
            self = .shell(
                ShellText(text: line.text, syntax: line.syntax, isConsole: isConsole, mergesErrors: merges)
            )
        } catch {
            self = .refused(error.message)
        }
    }

    private static func isOutDefault(_ command: PipelineCommand) -> Bool {
        !command.isScript && isWord("out-default", command.text.text)
    }

    /// - Parameter text: the command's, trimmed.
    private static func known(_ command: PipelineCommand, _ text: String) -> EndpointTask? {
        if let questions = questions[text], command.isScript || text == "prompt" { return .answers(questions) }
        if isWord("exit-pssession", text) { return .leave }
        if !command.isScript && isWord("tabexpansion2", text) { return .completion(CompletionQuestion(command)) }
        // __Set-PSDebugMode, __Set-PSUnhandledBreakpointMode and their like: there is no debugger to set up.
        if !command.isScript && text.hasPrefix("__Set-PS") { return .nothing }
        return nil
    }

    /// The member that `$PSVersionTable.MEMBER` names; empty for the table itself, nil for any other text.
    private static func versionMember(_ text: String) -> String? {
        let table = "$psversiontable"
        guard text.prefix(table.count).lowercased() == table else { return nil }
        let rest = text.dropFirst(table.count).lowercased()
        guard rest.first == "." else { return rest.isEmpty ? "" : nil }
        let member = String(rest.dropFirst())
        return EndpointFacts.isVersion(member) ? member : nil
    }

    private static func trimmed(_ text: String) -> String {
        let blanks = Array(" \t\r\n".utf8)
        guard let start = text.utf8.firstIndex(where: { !blanks.contains($0) }),
            let last = text.utf8.lastIndex(where: { !blanks.contains($0) })
        else { return "" }
        return String(text[start...last])
    }

    /// Whether a text is a word, in any letter case. Texts may be long.
    private static func isWord(_ word: StaticString, _ text: String) -> Bool {
        text.utf8.count == word.utf8CodeUnitCount && text.lowercased() == "\(word)"
    }
}
