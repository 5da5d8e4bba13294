/// Sections with options, as Python's ConfigParser reads them: groups.conf and the files of its folder.
///
/// Source: `configparser.RawConfigParser._read` of Python 3.11, in its strict kind: what stands twice in one file is an
/// error. Options' names are in lower case; a deeper line goes on with a value; `#` and `;` begin a comment line.
struct ConfigurationFile {
    struct Option {
        var value: String
        var file: String
        var line: Int
    }

    struct Section {
        var name: String
        var options: [String: Option] = [:]
    }

    /// In the order in which they are first met; without `DEFAULT`, whose options every section has.
    private(set) var sections: [Section] = []
    private(set) var defaults: [String: Option] = [:]

    /// - Returns: nil where neither the section nor `DEFAULT` has it.
    func option(_ name: String, in section: String) -> Option? {
        sections.first { $0.name == section }?.options[name] ?? defaults[name]
    }

    /// Reads a file over what is there: its options win.
    /// - Throws: `configuration`, with file and line.
    mutating func read(_ text: String, from file: String) throws(NodeSetError) {
        var reader = ConfigurationReader(file: file)
        let text = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
        for (index, line) in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            try reader.read(Substring(line), number: index + 1)
        }
        for section in reader.finished() {
            if section.name == "DEFAULT" {
                defaults.merge(section.options) { $1 }
            } else if let index = sections.firstIndex(where: { $0.name == section.name }) {
                sections[index].options.merge(section.options) { $1 }
            } else {
                sections.append(section)
            }
        }
    }
}

/// Reads one file's lines.
private struct ConfigurationReader {
    let file: String
    private var sections: [ConfigurationFile.Section] = []
    private var option: String?
    /// The lines of the option that is being read.
    private var values: [String] = []
    private var line = 0
    private var indent = 0

    init(file: String) {
        self.file = file
    }

    mutating func read(_ text: Substring, number: Int) throws(NodeSetError) {
        let value = trimmed(text)
        guard !value.isEmpty else {
            if option != nil { values.append("") }
            return
        }
        guard value.utf8.first != UInt8(ascii: "#"), value.utf8.first != UInt8(ascii: ";") else { return }
        let depth = text.utf8.prefix(while: isBlank).count
        if option != nil, depth > indent {
            values.append(String(value))
            return
        }
        close()
        indent = depth
        if value.utf8.first == UInt8(ascii: "["), let end = value.utf8.lastIndex(of: UInt8(ascii: "]")) {
            try open(String(value[..<end].dropFirst()), number)
        } else {
            try begin(value, number)
        }
    }

    private mutating func open(_ name: String, _ number: Int) throws(NodeSetError) {
        guard !name.isEmpty else { throw fault(number, "a section has no name; write [name]") }
        guard !sections.contains(where: { $0.name == name }) else {
            throw fault(number, "the section [\(name)] stands twice; put its options together")
        }
        sections.append(.init(name: name))
    }

    private mutating func begin(_ text: Substring, _ number: Int) throws(NodeSetError) {
        guard let section = sections.last else {
            throw fault(number, "\(quoted(text)) stands before the first section; begin with [Main]")
        }
        guard let sign = text.firstIndex(where: { $0 == "=" || $0 == ":" }), sign != text.startIndex else {
            throw fault(number, "\(quoted(text)) is not an option; write name: value")
        }
        let name = trimmed(text[..<sign]).lowercased()
        guard section.options[name] == nil else {
            throw fault(number, "[\(section.name)] has '\(name)' twice; keep one")
        }
        option = name
        line = number
        values = [String(trimmed(text[text.index(after: sign)...]))]
        sections[sections.count - 1].options[name] = .init(value: "", file: file, line: number)
    }

    private mutating func close() {
        guard let name = option, !sections.isEmpty else { return }
        while values.last?.isEmpty == true { values.removeLast() }
        let value = values.joined(separator: "\n")
        sections[sections.count - 1].options[name] = .init(value: value, file: file, line: line)
        option = nil
    }

    mutating func finished() -> [ConfigurationFile.Section] {
        close()
        return sections
    }

    private func fault(_ number: Int, _ why: String) -> NodeSetError {
        NodeSetError(.configuration, "\(file), line \(number): \(why).")
    }
}
