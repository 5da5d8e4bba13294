import CLIXML
import PSRP
import Playbooks

/// What asks a PowerShell's own parser where the blocks of a playbook end, and the prompt behind it.
///
/// It rides on the first prompt, so it costs no round trip of its own. It runs nothing of the playbook, and it calls no
/// command but `prompt`. It leaves `$?`, `$Error`, history and the session's variables as they were
/// (server-cut/last-prompt).
enum CutQuestion {
    /// A playbook with more text than this, as UTF-8, is cut line by line. The question carries the whole text in one
    /// object, and a server need not take any of 10 MiB.
    static let mostBytes = Playbook.lineLimit

    /// Puts out the length of the text that arrived, the parts, the count of errors, each error, and then the prompt.
    ///
    /// It asks for the language mode first, since a cut that fails in constrained language leaves records in `$Error`.
    static let script: PSString = PSString(
        #"&{$m="$($ExecutionContext.SessionState.LanguageMode)";if($m -ne 'FullLanguage'){$m;return};"#
            + #"$k=$e=$null;$i=0;$a=[Management.Automation.Language.Parser]::ParseInput($args[0],[ref]$k,[ref]$e);"#
            + #"$o=@(foreach($x in $a.UsingStatements){2,$x.Extent.StartOffset,$x.Extent.EndOffset};"#
            + #"foreach($p in $a.PSObject.Properties){$v=$p.Value;"#
            + #"if($v -is [Management.Automation.Language.ParamBlockAst])"#
            + #"{foreach($x in @($v)+@($v.Attributes)){3,$x.Extent.StartOffset,$x.Extent.EndOffset}}"#
            + #"elseif($v -is [Management.Automation.Language.NamedBlockAst])"#
            + #"{if(!$v.Unnamed){4,$v.Extent.StartOffset,$v.Extent.EndOffset}"#
            + #"else{foreach($x in $v.Statements){(0,6)[$x -is [Management.Automation.Language.TypeDefinitionAst]],"#
            + #"$x.Extent.StartOffset,$x.Extent.EndOffset};"#
            + #"foreach($x in $v.Traps){1,$x.Extent.StartOffset,$x.Extent.EndOffset}}}};"#
            + #"foreach($x in $k){if($x.Extent.StartLineNumber -ne $x.Extent.EndLineNumber "#
            + #"-and $x.Kind -in 'Comment','LineContinuation')"#
            + #"{5,$x.Extent.StartOffset,($x.Extent.EndOffset+[int]($x.Kind -eq 'LineContinuation'))}});"#
            + #"$args[0].Length;$o -join ' ';[Math]::Min(20,@($e).Count);"#
            + #"foreach($x in $e){if(++$i -gt 20){break};"#
            + #""$($x.Extent.StartOffset) $([int]$x.IncompleteInput) $($x.ErrorId) $($x.Message)"}}$args[0];prompt"#
    )

    static func request(about playbook: Playbook) -> PipelineRequest {
        .question(script, about: PSString(playbook.text))
    }

    /// What came back for the question.
    enum Answer: Sendable {
        /// The cut, and what is the prompt's of the values.
        case cut(PlaybookCut, prompt: ArraySlice<PSValue>)
        /// The far side cut nothing, and why, as far as it says so.
        case none(IncrementalReason, prompt: ArraySlice<PSValue>)
    }

    /// Reads an answer. Only a number can begin a cut: the length of the text that the far side's parser had.
    ///
    /// - Parameter error: what the question failed with; nil where it did not.
    /// - Throws: CutError.notUsable, where the far side cut something, but not this playbook.
    static func answer(
        _ values: [PSValue],
        failedBy error: ErrorRecord?,
        about playbook: Playbook
    ) throws(CutError) -> Answer {
        guard let found = values.first?.int32Value else {
            if let mode = values.first?.text, otherModes.contains(mode) {
                return .none(.languageMode(mode), prompt: values.dropFirst())
            }
            let name = error.map { String($0.fullyQualifiedErrorID.unicodeScalars.prefix(mostOfName)) }
            return .none(.notAnswered(name), prompt: values[...])
        }
        let length = LinePlaces(playbook).length
        guard Int(found) == length else {
            throw .notUsable("it is about a text of \(found) characters, and the playbook has \(length)")
        }
        guard values.count >= 3, let parts = values[1].text, let count = values[2].int32Value else {
            throw .notUsable("the parts, or the count of errors, is missing")
        }
        let errors = values.dropFirst(3).prefix(max(0, Int(count)))
        guard count >= 0, errors.count == Int(count) else { throw .notUsable("errors are missing") }
        var problems: [SyntaxProblem] = []
        for error in errors {
            guard let text = error.text else { throw .notUsable("an error is not a text") }
            problems.append(try SyntaxProblem(text))
        }
        let list = try CutPart.list(parts, length: length)
        let cut = PlaybookCut(playbook, parts: list, problems: problems)
        try cut.check(playbook, parts: list)
        return .cut(cut, prompt: values.dropFirst(3 + errors.count))
    }

    /// How much of an error's name is kept, in characters.
    private static let mostOfName = 200
    private static let otherModes: Set<String> = ["ConstrainedLanguage", "RestrictedLanguage", "NoLanguage"]
}
