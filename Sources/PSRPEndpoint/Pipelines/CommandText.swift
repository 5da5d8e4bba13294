import CLIXML
import PSRP

/// The statements of a pipeline as a text for a shell.
struct CommandText {
    /// What the shell is to run.
    private(set) var text: String
    /// What `sh -n` is to look at: the same without what hands arguments over.
    private(set) var syntax: String

    /// - Throws: `Refusal` where an argument cannot be handed over.
    init(_ statements: [[PipelineCommand]]) throws(Refusal) {
        var texts: [String] = []
        var syntaxes: [String] = []
        for commands in statements {
            let isAlone = commands.count == 1
            var parts: [String] = []
            for command in commands { parts.append(try Self.text(of: command, isAlone: isAlone)) }
            texts.append(parts.joined(separator: " | "))
            syntaxes.append(isAlone && commands[0].isScript ? commands[0].text.text : texts[texts.count - 1])
        }
        (text, syntax) = (texts.joined(separator: "\n"), syntaxes.joined(separator: "\n"))
        if text.unicodeScalars.contains("\0") { throw .nul }
    }

    private static func text(of command: PipelineCommand, isAlone: Bool) throws(Refusal) -> String {
        let text = command.text.text
        guard command.isScript else {
            return try ProgramArguments.words(of: command).joined(separator: " ")
        }
        let arguments = try ScriptArguments.texts(of: command).map(ShellQuoting.quoted)
        if isAlone {
            guard !arguments.isEmpty else { return text }
            // A function has arguments of its own, so that the shell keeps those that it has; it is gone before the text
            // begins. eval takes the text line by line, as `.` does, and counts its lines from 1.
            let words = ["psrun_line", ShellQuoting.quoted(text)] + arguments
            return #"psrun_line() { eval "\\unset -f psrun_line; \\shift; $1"; }; "# + words.joined(separator: " ")
        }
        // A part of a shell's pipeline has arguments of its own in any case.
        let setting = arguments.isEmpty ? "" : "\\set -- " + arguments.joined(separator: " ") + "\n"
        return "{ \(setting)\(text)\n}"
    }
}

extension PipelineCommand.Argument {
    fileprivate var isPositional: Bool { name?.isEmpty ?? true }
}

/// The arguments of a program, as words of a shell's line.
enum ProgramArguments {
    /// A command's name and its arguments. A name of the form `NAME=VALUE` is an assignment, and so are the arguments
    /// behind it up to the first that is none, which names the command.
    /// - Throws: `Refusal`
    static func words(of command: PipelineCommand) throws(Refusal) -> [String] {
        let name = command.text.text
        var arguments = command.arguments[...]
        guard let assignment = ShellQuoting.assignment(name) else {
            return [ShellQuoting.commandName(name)] + (try words(of: arguments))
        }
        var words = [assignment]
        while let first = arguments.first, first.isPositional, let text = first.value.text {
            arguments = arguments.dropFirst()
            guard let next = ShellQuoting.assignment(text) else {
                words.append(ShellQuoting.commandName(text))
                break
            }
            words.append(next)
        }
        return words + (try Self.words(of: arguments))
    }

    private static func words(of arguments: ArraySlice<PipelineCommand.Argument>) throws(Refusal) -> [String] {
        var words: [String] = []
        var isVerbatim = false
        for argument in arguments {
            if argument.isPositional, argument.value.text == "--%" {
                isVerbatim = true
                continue
            }
            let texts = try texts(of: argument.value)
            if let name = argument.name, !argument.isPositional {
                // A parameter and its value arrive as two arguments from the real client, the dash included
                // (client/basic), and as one from others.
                let word = name.hasPrefix("-") ? name : "-\(name)"
                if word.hasSuffix(":"), !texts.isEmpty {
                    words += texts.map { ShellQuoting.quoted(word + $0) }
                    continue
                }
                words.append(ShellQuoting.quoted(word))
            }
            words += isVerbatim ? texts.flatMap(ShellQuoting.verbatim) : texts.map(ShellQuoting.expandable)
        }
        return words
    }

    /// The elements of a list are arguments of their own, and a null is none, as a real server has it.
    private static func texts(of value: PSValue) throws(Refusal) -> [String] {
        var texts: [String] = []
        for element in value.programElements ?? [value] where !element.isNull {
            guard let text = element.programText else { throw .noText(element.kindName) }
            texts.append(text)
        }
        return texts
    }
}

/// The arguments of a script: `$1`, `$2`, … of its text.
enum ScriptArguments {
    /// - Throws: `Refusal` for what has no place there (ways-in/t2-real: `$using:` values travel as a dictionary that is
    ///   named `--%`), and for a text that asks for its arguments in PowerShell's way.
    static func texts(of command: PipelineCommand) throws(Refusal) -> [String] {
        if command.arguments.contains(where: { $0.name == "pathToValidate" }) { throw .copyItem }
        if PowerShellText.isParameterBlock(command.text.text) { throw .parameterBlock }
        guard !command.arguments.isEmpty else { return [] }
        var texts: [String] = []
        for argument in command.arguments {
            if argument.name == "--%" { throw .usingValues }
            if let name = argument.name, !argument.isPositional { throw .named(name) }
            if argument.value.programElements != nil { throw .list }
            guard let text = argument.value.isNull ? "" : argument.value.programText else {
                throw .noText(argument.value.kindName)
            }
            texts.append(text)
        }
        if PowerShellText.asksForArgs(command.text.text) { throw .argsVariable }
        return texts
    }
}
