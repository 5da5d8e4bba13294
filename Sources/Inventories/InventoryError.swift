/// Why an inventory, or a limit to it, means nothing that psrun may act on.
package struct InventoryError: Error, Sendable, Hashable {
    package enum Code: String, Sendable, Hashable {
        case sourceMissing = "InventoryMissing"
        case sourceUnreadable = "InventoryUnreadable"
        case tooLarge = "InventoryTooLarge"
        case tooDeep = "InventoryTooDeep"
        case invalidINI = "InventoryINIInvalid"
        case invalidYAML = "InventoryYAMLInvalid"
        case invalidProgram = "InventoryProgramInvalid"
        case programFailed = "InventoryProgramFailed"
        case unsupported = "InventoryKindUnsupported"
        case groupCycle = "InventoryGroupCycle"
        case invalidVariables = "InventoryVariablesInvalid"
        case invalidConnection = "InventoryConnectionInvalid"
        case ambiguous = "InventoryAmbiguous"
        case limitInvalid = "LimitInvalid"
        case limitMatchesNothing = "LimitMatchesNothing"
        case limitAmbiguous = "LimitAmbiguous"
    }

    package let code: Code
    /// The file, or what was given in place of one.
    package let source: String
    /// From 1; nil where no line is to blame.
    package let line: Int?
    /// What is wrong and why: a sentence without its first word's capital and without a full stop.
    package let problem: String
    /// What to do about it: a sentence of the same kind.
    package let wayOut: String

    init(_ code: Code, _ source: String, line: Int? = nil, _ problem: String, _ wayOut: String) {
        self.code = code
        self.source = source
        self.line = line
        self.problem = InventoryText.shown(problem)
        self.wayOut = InventoryText.shown(wayOut)
    }

    /// `i/hosts, line 3: the range [5:1] is … Write ….`
    package var message: String {
        let place = line.map { "\(source), line \($0)" } ?? source
        return "\(place): \(problem). \(wayOut.prefix(1).uppercased())\(wayOut.dropFirst())."
    }
}

/// What an inventory says that is probably not meant, and is taken as Ansible takes it.
package struct InventoryWarning: Sendable, Hashable {
    package let source: String
    package let line: Int?
    /// As an error's.
    package let text: String

    package var message: String {
        "\(line.map { "\(source), line \($0)" } ?? source): \(text)."
    }
}

enum InventoryText {
    private static let most = 400

    /// A text with what it quotes of a file, which may hold anything: short, and without control characters.
    static func shown(_ text: String) -> String {
        let scalars = text.unicodeScalars.prefix(most).map { scalar in
            scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar
        }
        let isCut = text.unicodeScalars.dropFirst(most).first != nil
        return String(String.UnicodeScalarView(scalars)) + (isCut ? "…" : "")
    }
}

/// Where something stands in an inventory.
struct InventoryPlace: Sendable, Hashable {
    let source: String
    var line: Int?

    func error(_ code: InventoryError.Code, _ problem: String, _ wayOut: String) -> InventoryError {
        InventoryError(code, source, line: line, problem, wayOut)
    }

    func warning(_ text: String) -> InventoryWarning {
        InventoryWarning(source: source, line: line, text: InventoryText.shown(text))
    }
}

/// What bounds an inventory.
enum InventoryLimits {
    static let hosts = 1_000_000
    static let textBytes = 64 << 20
    /// Groups that stand in groups, each pair counted.
    static let pairs = 100_000
    /// Of folders in folders, and groups in groups.
    static let nesting = 64
}
