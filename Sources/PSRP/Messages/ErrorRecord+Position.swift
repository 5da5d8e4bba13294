import CLIXML

extension ErrorRecord {
    /// The line that the record's position names, from 1, within the text that ran; nil where it names none.
    package var parserLine: Int? {
        guard let line = value["InvocationInfo"]?["ScriptLineNumber"]?.int32Value, line > 0 else { return nil }
        return Int(line)
    }
}
