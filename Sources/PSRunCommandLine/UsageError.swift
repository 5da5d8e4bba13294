/// A command line that psrun does not take. The program prints `message` and ends with `ExitCode.usage`.
package struct UsageError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable, CaseIterable {
        case unknownOption = "UnknownOption"
        case ambiguousParameter = "AmbiguousParameter"
        case parameterSets = "AmbiguousParameterSet"
        case missingParameter = "MissingMandatoryParameter"
        case missingArgument = "MissingArgument"
        case unexpectedArgument = "UnexpectedArgument"
        case invalidArgument = "InvalidArgument"
        case givenTwice = "ParameterAlreadyBound"
        case wrongVerb = "OptionOfAnotherVerb"
        case notInPipeline = "NotInPipeline"
        case invalidHostName = "InvalidHostName"
    }

    package var code: Code
    /// What is wrong, with which argument, and what to do: whole sentences, one line.
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
