/// What an engine says of one container.
struct InspectedContainer: Sendable, Hashable {
    let id: String
    let name: String
    /// `running`, `exited`, `paused` and others.
    let state: String

    /// Reads the answer to `ContainerEngine.inspection`: three lines.
    /// - Returns: nil for what is not that.
    init?(_ answer: String) {
        let lines = answer.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 3, lines[3...].allSatisfy(\.isEmpty), ContainerID.isWhole(lines[0]), !lines[1].isEmpty,
            !lines[2].isEmpty
        else { return nil }
        id = String(lines[0])
        // Docker keeps the slash of a time when containers had paths.
        name = String(lines[1].hasPrefix("/") ? lines[1].dropFirst() : lines[1])
        state = lines[2].lowercased()
    }

    /// Whether a text names it: the whole id, or the name. The beginning of an id is neither.
    func isNamed(_ text: String) -> Bool { text == id || text == name }
}

/// The containers of an engine.
struct ListedContainer: Sendable, Hashable {
    let id: String
    let names: [String]

    /// Reads the answer to `ContainerEngine.list`; lines that are not of it are passed over.
    static func all(in answer: String) -> [ListedContainer] {
        answer.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ", maxSplits: 1)
            guard let id = words.first, ContainerID.isWhole(id) else { return nil }
            let names = words.count > 1 ? words[1].split(separator: ",").map(String.init) : []
            return ListedContainer(id: String(id), names: names)
        }
    }

    /// For a person: the name with the id.
    var label: String { names.first.map { "\($0) (\(id))" } ?? id }
}

enum ContainerID {
    /// Whether that is a whole id: 64 digits in hexadecimal.
    static func isWhole(_ text: some StringProtocol) -> Bool {
        text.utf8.count == 64 && text.allSatisfy { $0.isASCII && $0.isHexDigit && !$0.isUppercase }
    }
}
