package import CLIXML
package import PSRP

/// What a pipeline means here.
package enum EndpointTask: Sendable, Hashable {
    /// A text for the shell.
    case shell(ShellText)
    /// The values that the endpoint knows by itself.
    case answers([Question])
    /// `Exit-PSSession`.
    case leave
    /// `Out-Default` alone: its input is written to the client's host.
    case render
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
        /// To the client's host, line by line, since Out-Default is the last command; else to the pipeline's output.
        package var isConsole: Bool
        /// Whether stderr goes to the pipeline's output, too, where it is not a console.
        package var mergesErrors: Bool

        package init(text: String, isConsole: Bool, mergesErrors: Bool) {
            self.text = text
            self.isConsole = isConsole
            self.mergesErrors = mergesErrors
        }
    }
}

extension EndpointTask {
    /// psrun's own probe, word for word.
    package static let probe =
        "$?; [string](Get-Variable LASTEXITCODE -ValueOnly -Scope Global -ErrorAction Ignore); prompt"

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
        if statements.count == 1, statements[0].count == 1, let known = Self.known(first) {
            self = known
            return
        }
        let text = statements.map { Self.shellText($0) }.joined(separator: "\n")
        if text.unicodeScalars.contains("\0") {
            self = .refused("The line holds a NUL, which a shell cannot take.")
            return
        }
        let merges = statements.contains { $0.contains(where: \.mergesErrors) }
        self = .shell(ShellText(text: text, isConsole: isConsole, mergesErrors: merges))
    }

    private static func isOutDefault(_ command: PipelineCommand) -> Bool {
        !command.isScript && command.text.text.lowercased() == "out-default"
    }

    private static func known(_ command: PipelineCommand) -> EndpointTask? {
        let text = trimmed(command.text.text)
        if let questions = questions[text], command.isScript || text == "prompt" { return .answers(questions) }
        if text.lowercased() == "exit-pssession" { return .leave }
        // __Set-PSDebugMode, __Set-PSUnhandledBreakpointMode and their like: there is no debugger to set up.
        if !command.isScript && text.hasPrefix("__Set-PS") { return .nothing }
        return nil
    }

    private static func trimmed(_ text: String) -> String {
        let blanks: Set<Unicode.Scalar> = [" ", "\t", "\r", "\n"]
        let start = text.unicodeScalars.drop { blanks.contains($0) }
        let end = start.reversed().drop { blanks.contains($0) }
        return String(String.UnicodeScalarView(end.reversed()))
    }
}

// MARK: Commands with arguments
extension EndpointTask {
    private static func shellText(_ commands: [PipelineCommand]) -> String {
        if commands.count == 1 { return shellText(commands[0]) }
        return commands.map { $0.isScript ? "{ \($0.text.text)\n}" : shellText($0) }.joined(separator: " | ")
    }

    private static func shellText(_ command: PipelineCommand) -> String {
        let text = command.text.text
        if command.isScript { return text }
        return ([text] + command.arguments.flatMap(words)).map(ShellQuoting.quoted).joined(separator: " ")
    }

    /// A parameter and its value arrive as two arguments from the real client, the dash included (client/basic), and as
    /// one from others.
    private static func words(_ argument: PipelineCommand.Argument) -> [String] {
        let values = words(argument.value)
        guard let name = argument.name, !name.isEmpty else { return values }
        let word = name.hasPrefix("-") ? name : "-\(name)"
        guard word.hasSuffix(":"), let first = values.first else { return [word] + values }
        return [word + first] + values.dropFirst()
    }

    private static func words(_ value: PSValue) -> [String] {
        if let elements = value.elements { return elements.flatMap(words) }
        return text(of: value).map { [$0] } ?? []
    }

    /// A value as a program gets it for an argument or reads it from its input; nil for a null.
    package static func text(of value: PSValue) -> String? {
        if case .object(let object) = value, let text = object.toString?.text, object.base == .none { return text }
        switch value.unwrapped {
        case .null: return nil
        case .string(let text), .uri(let text), .xmlDocument(let text), .scriptBlock(let text): return text.text
        case .bool(let bool): return bool ? "True" : "False"
        case .char(let unit): return String(decoding: [unit], as: UTF16.self)
        case .uint8(let number): return "\(number)"
        case .int8(let number): return "\(number)"
        case .uint16(let number): return "\(number)"
        case .int16(let number): return "\(number)"
        case .uint32(let number): return "\(number)"
        case .int32(let number): return "\(number)"
        case .uint64(let number): return "\(number)"
        case .int64(let number): return "\(number)"
        case .single(let number): return "\(number)"
        case .double(let number):
            return number == number.rounded() && abs(number) < 1e15 ? "\(Int64(number))" : "\(number)"
        case .version(let version): return version.description
        case .guid(let guid): return "\(guid)"
        case .object(let object): return object.toString?.text ?? object.typeNames.first
        case .dateTime, .timeSpan, .decimal, .bytes, .secureString, .ancestor: return nil
        }
    }
}
