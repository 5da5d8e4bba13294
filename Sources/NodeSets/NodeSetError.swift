/// Why a node set, or the groups that it names, cannot be read.
package struct NodeSetError: Error, Sendable, Hashable {
    package enum Code: String, Sendable, Hashable {
        // What ClusterShell refuses too.
        case missingBracket = "NodeSetMissingBracket"
        case strayBracket = "NodeSetStrayBracket"
        case adjacentBrackets = "NodeSetAdjacentBrackets"
        case missingOperand = "NodeSetMissingOperand"
        case emptyRange = "NodeSetEmptyRange"
        case notANumber = "NodeSetNotANumber"
        /// A range that runs backwards, or with a step below 1.
        case invalidRange = "NodeSetInvalidRange"
        case paddingMismatch = "NodeSetPaddingMismatch"
        case negativePadding = "NodeSetNegativePadding"
        case stepWithoutRange = "NodeSetStepWithoutRange"
        case digitsAfterStep = "NodeSetDigitsAfterStep"
        case unknownSource = "NodeSetUnknownSource"
        case groupNameCharacter = "NodeSetGroupNameCharacter"
        // What has two readings, one of which touches or loses a host without a word.
        case digitsBesideBracket = "NodeSetDigitsBesideBracket"
        case writtenTwice = "NodeSetWrittenTwice"
        case unknownGroup = "NodeSetUnknownGroup"
        case nothingMatches = "NodeSetNothingMatches"
        case halfExcluded = "NodeSetHalfExcluded"
        /// No host is selected, or none is left.
        case empty = "NodeSetEmpty"
        // What is bounded.
        case textTooLong = "NodeSetTextTooLong"
        case nameTooLong = "NodeSetNameTooLong"
        case numberTooLong = "NodeSetNumberTooLong"
        case tooManyHosts = "NodeSetTooManyHosts"
        case groupsTooDeep = "NodeSetGroupsTooDeep"
        case groupCycle = "NodeSetGroupCycle"
        case unusualCharacter = "NodeSetUnusualCharacter"
        // Files and commands of groups.
        case configuration = "NodeSetGroupConfiguration"
        case unreadable = "NodeSetGroupFileUnreadable"
        case upcallFailed = "NodeSetUpcallFailed"
        case noUpcall = "NodeSetNoUpcall"
    }

    package let code: Code
    /// What is wrong, where, and what to write instead, for a person.
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The same fault, told to be inside of something: a group, a file.
    func within(_ place: String) -> NodeSetError {
        NodeSetError(code, "\(place): \(message)")
    }
}

/// A part of what was read, in quotes, without control characters and not longer than a line.
func quoted(_ text: some StringProtocol) -> String {
    var shown = ""
    for scalar in text.unicodeScalars.prefix(80) {
        shown += scalar.properties.generalCategory == .control ? "\u{FFFD}" : String(scalar)
    }
    return "'\(shown)\(text.unicodeScalars.count > 80 ? "…" : "")'"
}
