/// Where groups are looked up under one name: a part of a group file, or commands of groups.conf.
package struct GroupSource: Sendable {
    package enum Groups: Sendable {
        /// The groups' texts, and their lines.
        case file([String: String])
        case upcalls(Upcalls)
    }

    package var name: String
    /// The file it is declared in.
    package var file: String
    package var groups: Groups

    package init(name: String, file: String, groups: Groups) {
        self.name = name
        self.file = file
        self.groups = groups
    }
}

/// The commands of a section of groups.conf.
package struct Upcalls: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// `$GROUP`'s nodes.
        case map
        /// All groups, a line each: `group: nodes`.
        case mapall
        /// All nodes.
        case all
        /// The groups' names.
        case list
        /// The groups of `$NODE`.
        case reverse
    }

    package var lines: [Kind: String]
    /// Where they run, which is also their `$CFGDIR`.
    package var folder: String

    package init(lines: [Kind: String], folder: String) {
        self.lines = lines
        self.folder = folder
    }

    /// Replaces `$NAME` and `${NAME}` of `values`, and `$$` by a dollar; leaves the rest.
    /// Source: `string.Template.safe_substitute` of Python.
    static func substitute(_ values: [String: String], in line: String) -> String {
        var result: [UInt8] = []
        var rest = line.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "$") else {
                result.append(byte)
                continue
            }
            if rest.first == UInt8(ascii: "$") {
                result.append(byte)
                rest.removeFirst()
                continue
            }
            let isBraced = rest.first == UInt8(ascii: "{")
            let name = rest.dropFirst(isBraced ? 1 : 0).prefix(while: isNameByte)
            let end = name.endIndex
            let isClosed = !isBraced || (end < rest.endIndex && rest[end] == UInt8(ascii: "}"))
            guard isClosed, let value = values[String(Substring(name))] else {
                result.append(byte)
                continue
            }
            result += value.utf8
            rest = rest[end...].dropFirst(isBraced ? 1 : 0)
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The name of the program that a shell's line begins with, without what it is given, which may hold secrets; nil where
    /// it is not plain.
    static func program(of line: String) -> String? {
        let words = line.utf8.split { isBlank($0) || $0 == 0x0A }.map { Substring($0) }
        let isPlain = { (word: Substring) in
            word.utf8.count <= 80 && word.utf8.allSatisfy { isNameByte($0) || "-./+".utf8.contains($0) }
        }
        // Variables that are set for it alone stand in front.
        return words.first { !$0.contains("=") }.flatMap { isPlain($0) ? String($0) : nil }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
