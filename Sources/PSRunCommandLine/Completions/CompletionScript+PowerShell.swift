extension CompletionScript {
    static func powerShell() -> String {
        """
        # PowerShell completion for psrun; load it with: psrun completions powershell | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName psrun -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $verbs = @(\(Verb.allCases.map { quotedForPowerShell($0.rawValue) }.joined(separator: ", ")))
            $values = @{
        \(VerbDefinition.all.map(powerShellVerb).joined(separator: "\n"))
            }
            # Of a verb whose second operand hangs on its first: what that is, and what follows.
            $places = @{
        \(VerbDefinition.all.compactMap(powerShellPlaces).joined(separator: "\n"))
            }
            $typed = @($commandAst.CommandElements | Select-Object -Skip 1 |
                    Where-Object { $_.Extent.StartOffset -lt $cursorPosition } | ForEach-Object { $_.Extent.Text })
            # The word that is being typed is not one of those before it.
            if ($wordToComplete -ne '' -and $typed.Count -gt 0) {
                $typed = @($typed | Select-Object -First ($typed.Count - 1))
            }
            $verb = if ($typed.Count -gt 0 -and $verbs -ccontains $typed[0]) { $typed[0] } else { 'run' }
            $previous = if ($typed.Count -gt 0) { $typed[-1] } else { '' }
            $kind = if ($values[$verb].ContainsKey($previous)) { $values[$verb][$previous] } else { $values[$verb][''] }
            if ($places.ContainsKey($verb) -and $typed.Count -ge 2 -and -not $values[$verb].ContainsKey($previous)) {
                $kind = if ($typed.Count -eq 2 -and $typed[1] -ceq $places[$verb][0]) { $places[$verb][1] } else { '' }
            }
            $words = if ($wordToComplete -like '-*') {
                $values[$verb].Keys | Where-Object { $_ -ne '' }
            } elseif ($kind -cin '<hosts>', '<runs>', '<sessions>') {
                if ($kind -ceq '<runs>') { 'last' }
                & psrun completions $kind.Trim('<', '>') 2>$null
            } elseif ($kind -ceq '<files>') {
                $null
            } else {
                $kind -split ' '
            }
            if ($typed.Count -eq 0 -and $wordToComplete -notlike '-*') { $words = @($verbs) + @($words) }
            # A list has commas; what stands before the last one is done.
            $front = if ($kind -ceq '<hosts>' -and $wordToComplete -match '^.*,') { $Matches[0] } else { '' }
            $words | Where-Object { $_ -and "$front$_".StartsWith($wordToComplete, [StringComparison]::Ordinal) } | Sort-Object -Unique |
                ForEach-Object {
                    # A session's name may have blanks.
                    $text = if ($_ -match '[^\\w.,:@/=+<>\\[\\]-]') { "'$($_ -replace "'", "''")'" } else { "$front$_" }
                    [System.Management.Automation.CompletionResult]::new($text)
                }
        }

        """
    }

    /// A verb's options, by spelling, with what follows each; the empty name is its operand.
    private static func powerShellVerb(_ verb: VerbDefinition) -> String {
        var entries = verb.usableOptions.flatMap { option in
            option.spellings.map { ($0, option.value.isSwitch ? "" : powerShellKind(option.value.completion)) }
        }
        entries.append(("", verb.offeredOperand.map { powerShellKind($0.completion) } ?? ""))
        let lines = entries.map { "            \(quotedForPowerShell($0)) = \(quotedForPowerShell($1))" }
        return "        \(quotedForPowerShell(verb.verb.rawValue)) = @{\n\(lines.joined(separator: "\n"))\n        }"
    }

    private static func powerShellPlaces(_ verb: VerbDefinition) -> String? {
        verb.operandsByPlace.map { _, more, behind in
            let kind = quotedForPowerShell(powerShellKind(more.completion))
            return "        \(quotedForPowerShell(verb.verb.rawValue)) = @(\(quotedForPowerShell(behind)), \(kind))"
        }
    }

    private static func powerShellKind(_ completion: ValueDescription.Completion) -> String {
        switch completion {
        case .nothing: ""
        case .file, .folder: "<files>"
        case .hosts: "<hosts>"
        case .runs: "<runs>"
        case .sessions: "<sessions>"
        case .words(let words): words.joined(separator: " ")
        }
    }

    private static func quotedForPowerShell(_ text: String) -> String {
        "'\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'"
    }
}
