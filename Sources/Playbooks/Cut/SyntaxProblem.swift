/// What a PowerShell parser finds wrong in a playbook.
package struct SyntaxProblem: Sendable, Hashable {
    /// In UTF-16 units of the playbook's text, from 0. It may lie behind the end.
    package let offset: Int
    /// Whether more text could mend it.
    package let isIncomplete: Bool
    /// `MissingEndCurlyBrace`, `TypeNotFound`…
    package let errorID: String
    /// The parser's words.
    package let message: String

    /// How much is kept of each, in characters. A parser's own are far shorter.
    private static let (mostOfName, mostOfMessage) = (200, 4000)

    package init(offset: Int, isIncomplete: Bool, errorID: String, message: String) {
        self.offset = offset
        self.isIncomplete = isIncomplete
        self.errorID = errorID
        self.message = message
    }

    /// Reads `offset incomplete ErrorId message`; the message may have line ends.
    ///
    /// - Throws: CutError.notUsable.
    package init(_ text: String) throws(CutError) {
        let words = text.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        guard words.count == 4, let offset = Int(words[0]), offset >= 0, words[1] == "0" || words[1] == "1" else {
            throw .notUsable("an error has no place, or no name")
        }
        self.init(
            offset: offset,
            isIncomplete: words[1] == "1",
            errorID: String(words[2].unicodeScalars.prefix(Self.mostOfName)),
            message: String(words[3].unicodeScalars.prefix(Self.mostOfMessage))
        )
    }

    /// Whether it hangs on what an earlier line loads, so that the text's structure is whole all the same.
    package var dependsOnState: Bool { Self.dependsOnState(errorID) }

    /// Whether an error of this name, with `Parser` or a command behind a comma or not, hangs on what earlier lines load.
    package static func dependsOnState(_ errorID: String) -> Bool {
        stateDependent.contains(String(errorID.prefix { $0 != "," }))
    }

    /// Whether an error of this name says that a restricted language lacks what the text uses. It is looked for only in a
    /// text that the parser has taken as whole.
    package static func restrictsLanguage(_ errorID: String) -> Bool {
        errorID.prefix { $0 != "," }.hasSuffix("NotSupportedInDataSection")
    }

    private static let stateDependent: Set<String> = [
        "TypeNotFound", "CustomAttributeTypeNotFound", "AmbiguousTypeReference",
        "MissingTypeInStaticPropertyAssignment", "ModuleNotFoundDuringParse", "WildCardModuleNameError",
    ]
}
