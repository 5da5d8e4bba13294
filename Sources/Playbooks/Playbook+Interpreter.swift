extension Playbook {
    /// The program that the first line names, as `#!/usr/bin/env bash` does, where it is neither a POSIX shell's plain name
    /// nor PowerShell: `bash`. A session does not start it.
    package var otherInterpreter: String? {
        guard let first = lines.first?.text, first.hasPrefix("#!") else { return nil }
        let words = first.dropFirst(2).split(whereSeparator: { $0 == " " || $0 == "\t" })
        let isEnvironment = words.first?.hasSuffix("/env") ?? false
        let program = isEnvironment ? words.dropFirst().first { !$0.hasPrefix("-") } : words.first
        let name = program?.split(separator: "/").last.map(String.init)
        return name.flatMap { ["sh", "dash", "pwsh", "powershell"].contains($0) ? nil : $0 }
    }
}
