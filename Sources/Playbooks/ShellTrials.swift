/// Where the texts end that a POSIX shell is asked about (`sh -n`), line by line.
///
/// A shell takes a text for whole that ends within a here-document, or in a backslash, and only warns, or says nothing. So no
/// text ends there, nor at a blank or comment line, nor where the line's last sign asks for more, unless the file does.
struct ShellTrials: TrialRule {
    private let lines: [PlaybookLine]
    /// For each line's text, where it stands last in the file.
    private let lastLine: [String: Int]
    /// The same without the tabs before it.
    private let lastLineWithoutTabs: [String: Int]
    private(set) var opening = 0
    private var reader = ShellReader()

    init(_ lines: [PlaybookLine]) {
        self.lines = lines
        let places = lines.enumerated()
        lastLine = Dictionary(places.map { ($1.text, $0) }) { $1 }
        lastLineWithoutTabs = Dictionary(places.map { (HereDocument.withoutTabs($1.text), $0) }) { $1 }
    }

    mutating func firstEnd(from start: Int) -> Int? {
        guard let code = next(from: start) else { return nil }
        opening = code
        reader = ShellReader()
        return nextEnd(from: code)
    }

    mutating func nextEnd(from end: Int) -> Int? {
        var index = end
        while index < lines.count {
            let isCode = !lines[index].isBlank && !lines[index].isComment
            let isWhole = reader.read(lines[index].text)
            index += 1
            passHereDocuments(&index)
            if isWhole, isCode, !isContinued(at: index) { return index }
        }
        return end < lines.count ? lines.count : nil
    }

    func next(from start: Int) -> Int? {
        lines[min(start, lines.count)...].indices.first { !lines[$0].isBlank && !lines[$0].isComment }
    }

    /// Whether the next line begins with an operator: by itself it could only fail, so it belongs to what precedes it.
    private func isContinued(at index: Int) -> Bool {
        guard let next = next(from: index) else { return false }
        return lines[next].content.first == "|" || lines[next].content.starts(with: "&&".unicodeScalars)
    }

    /// Goes behind the last line of the here-documents that begin here.
    ///
    /// One whose end is nowhere in the file is not taken for one.
    private mutating func passHereDocuments(_ index: inout Int) {
        for document in reader.takeHereDocuments() {
            let lastLine = document.stripsTabs ? lastLineWithoutTabs : lastLine
            guard let last = lastLine[document.delimiter], last >= index,
                let end = lines[index...last].indices.first(where: { document.isEnded(by: lines[$0].text) })
            else { continue }
            index = end + 1
        }
    }
}
