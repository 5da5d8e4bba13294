import CLIXML

/// What a parser says of a text that it does not take. Nothing of such a text ran.
package enum ParserRefusal: Sendable, Hashable {
    /// The text ends too early; more lines may make it whole.
    case incomplete
    /// Something in the text is wrong, whatever follows. It says nothing of where the text should have ended.
    case refused
}

extension ErrorRecord {
    /// What the far side's parser says, where this record, which ended a line's pipeline, is the parser's own answer to the
    /// line's text; nil where the text was taken and something of it may have run.
    ///
    /// A parse error of something that the line itself read, such as a broken file that it dot-sources, and an exception of
    /// that type that it throws, have the same reasons, and can have the same error ids. What tells them apart is where they
    /// come from: only the refusal of the line's text has no call stack and no script, and only the refusal of an incomplete
    /// one has no invocation at all (server-cut/incomplete-or-thrown, server-cut/incomplete-or-thrown-more).
    ///
    /// - Parameter hasOutput: whether the pipeline put anything out, an error or a host call included. It ran, then.
    package func refusal(hasOutput: Bool) -> ParserRefusal? {
        guard !hasOutput, reason == "ParseException" || isIncompleteParse,
            !hasText(value["ErrorDetails_ScriptStackTrace"])
        else { return nil }
        guard let invocation = value["InvocationInfo"], !invocation.isNull else {
            return isIncompleteParse ? .incomplete : .refused
        }
        guard !hasText(invocation["ScriptName"]), value["Exception"]?["WasThrownFromThrowStatement"] != .bool(true)
        else {
            return nil
        }
        return .refused
    }

    private func hasText(_ value: PSValue?) -> Bool { value?.text?.isEmpty == false }
}
