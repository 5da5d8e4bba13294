/// A part of a playbook, as a PowerShell parser tells it: a statement, or what belongs to one.
package struct CutPart: Sendable, Hashable {
    /// The numbers are the ones that the question for a cut gives them.
    package enum Kind: Int, Sendable, Hashable {
        case statement = 0
        case trap = 1
        case using = 2
        /// A parameter block, or one of the attributes before it.
        case parameters = 3
        /// `begin`, `process`, `end`, `clean` or `dynamicparam` of the script itself.
        case namedBlock = 4
        /// A comment, or a backtick at the end of a line, that reaches over a line end.
        case joining = 5
        /// A class or an enumeration.
        case type = 6
    }

    package let kind: Kind
    /// In UTF-16 units of the playbook's text, from 0.
    package let range: Range<Int>

    package init(_ kind: Kind, _ range: Range<Int>) {
        self.kind = kind
        self.range = range
    }

    /// Reads parts as three numbers each, with a blank between: kind, start, end.
    ///
    /// - Parameter length: of the text, in UTF-16 units.
    /// - Throws: CutError.notUsable.
    package static func list(_ text: String, length: Int) throws(CutError) -> [CutPart] {
        // Statements do not overlap, and only comments and attributes lie in one: there cannot be more.
        let most = 2 * length + 2
        var parts: [CutPart] = []
        var rest = text.utf8[...]
        while let number = try takeNumber(from: &rest) {
            guard let start = try takeNumber(from: &rest), let end = try takeNumber(from: &rest) else {
                throw .notUsable("a part has three numbers, but one has not")
            }
            guard let kind = Kind(rawValue: number) else { throw .notUsable("kind \(number) of a part is not known") }
            guard start <= end, end <= length else {
                throw .notUsable("a part reaches from \(start) to \(end) in a text of \(length)")
            }
            guard parts.count < most else { throw .notUsable("it has more parts than the text has room for") }
            parts.append(CutPart(kind, start..<end))
        }
        return parts
    }

    /// The number behind blanks; nil at the end.
    private static func takeNumber(from rest: inout Substring.UTF8View) throws(CutError) -> Int? {
        rest = rest.drop { $0 == UInt8(ascii: " ") }
        let word = rest.prefix { $0 != UInt8(ascii: " ") }
        guard !word.isEmpty else { return nil }
        guard word.count <= 9, word.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw .notUsable("a part's number is not one")
        }
        rest = rest[word.endIndex...]
        return word.reduce(0) { $0 * 10 + Int($1) - 0x30 }
    }
}

/// Why a far side's cut cannot be used.
package enum CutError: Error, Sendable, Hashable {
    /// The answer contradicts the text that was asked about; what is wrong with it, without a period.
    case notUsable(String)
}
