/// The lines of a playbook that no block's statements reach: a PowerShell's parser leaves out nothing but blanks, comments and `;`.
struct LinesLeftOut {
    private let playbook: Playbook
    private let places: LinePlaces
    /// Comments that reach over a line end, in order.
    private let comments: [Range<Int>]

    init(_ playbook: Playbook, _ parts: [CutPart]) {
        self.playbook = playbook
        places = LinePlaces(playbook)
        comments = parts.filter { $0.kind == .joining }.map(\.range).sorted { $0.lowerBound < $1.lowerBound }
    }

    /// - Parameter blocks: in order; no two share a line.
    /// - Throws: CutError.notUsable, with the number of the first line that a block should have, or should not.
    func check(behind blocks: [PlaybookBlock]) throws(CutError) {
        var line = 0
        var comment = 0
        for block in blocks {
            try check(line..<(block.statementLine - 1), &comment)
            line = block.lastLine
            guard playbook.lines[(block.statementLine - 1)..<line].contains(where: { !$0.isBlank }) else {
                throw .notUsable("it has a part where line \(block.statementLine) is blank")
            }
        }
        try check(line..<playbook.lines.count, &comment)
    }

    /// - Parameter comment: the first of `comments` that may reach into these lines or later ones.
    private func check(_ lines: Range<Int>, _ comment: inout Int) throws(CutError) {
        for line in lines where !playbook.lines[line].isBlank {
            let start = places.start(of: line)
            let units = Array(playbook.lines[line].text.utf16)
            var position = 0
            while position < units.count {
                let rest = units[position...]
                while comment < comments.count, comments[comment].upperBound <= start + position { comment += 1 }
                if comment < comments.count, comments[comment].lowerBound <= start + position {
                    position = comments[comment].upperBound - start
                } else if rest.starts(with: "<#".utf16) {
                    position = Self.end(ofComment: rest)
                } else if units[position] == UInt16(ascii: "#") {
                    // A parser takes a lone CR for the end of a line.
                    position = rest.firstIndex(of: UInt16(ascii: "\r")) ?? units.count
                } else if units[position] == UInt16(ascii: ";") || Self.isBlank(units[position]) {
                    position += 1
                } else {
                    throw .notUsable("line \(line + 1) of the playbook is in no part of it")
                }
            }
        }
    }

    /// Behind the end of a comment that begins and ends on its line.
    private static func end(ofComment rest: ArraySlice<UInt16>) -> Int {
        var position = rest.startIndex + 2
        while position < rest.endIndex, !rest[position...].starts(with: "#>".utf16) { position += 1 }
        return min(position + 2, rest.endIndex)
    }

    private static func isBlank(_ unit: UInt16) -> Bool {
        Unicode.Scalar(unit)?.properties.isWhitespace ?? false
    }
}

extension UInt16 {
    fileprivate init(ascii: Unicode.Scalar) { self = UInt16(UInt8(ascii: ascii)) }
}
