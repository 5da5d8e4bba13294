import YAML

/// What Python's `ast.literal_eval` makes of a text: Ansible's types of INI values. What is not a literal stays a text.
struct PythonLiteral {
    enum Problem: Error {
        /// Python cannot put a list, a dictionary or a set into a set, or have it for a key, and Ansible gives up the file.
        case unhashable
        case tooDeep

        var text: String {
            switch self {
            case .unhashable: "holds a list, a dictionary or a set as a key, or in a set"
            case .tooDeep: "is nested more than \(InventoryLimits.nesting) levels deep"
            }
        }
    }

    /// What is read, before it is a value: sets must not be in sets.
    private enum Item {
        case value(YAMLNode.Value)
        case set([YAMLNode.Value])

        var value: YAMLNode.Value {
            switch self {
            case .value(let value): value
            case .set(let items): .list(items.map { YAMLNode($0, line: 1) })
            }
        }

        /// As a key, or an element of a set. Tuples are lists here: nobody has them for keys.
        var isHashable: Bool {
            switch self {
            case .set, .value(.list), .value(.map): false
            case .value: true
            }
        }
    }

    private var scanner: PythonScanner
    private let line: Int

    /// - Throws: `Problem`
    static func node(_ text: String, line: Int) throws(Problem) -> YAMLNode {
        var parser = PythonLiteral(scanner: PythonScanner(text), line: line)
        guard let item = try parser.whole() else { return YAMLNode(.string(text), line: line) }
        if case .string(let text) = item.value { return YAMLNode(.string(text), line: line) }
        return YAMLNode(relined(item.value, line), line: line, source: text)
    }

    private static func relined(_ value: YAMLNode.Value, _ line: Int) -> YAMLNode.Value {
        guard case .list(let items) = value else { return value }
        return .list(items.map { YAMLNode(relined($0.value, line), line: line, source: $0.source) })
    }

    /// - Returns: nil where it is not a literal.
    private mutating func whole() throws(Problem) -> Item? {
        let item = try items(until: nil, depth: 0)
        guard scanner.next() == .end else { return nil }
        return item
    }

    /// Literals with commas between, which are a tuple where there is a comma.
    private mutating func items(until close: PythonScanner.Token?, depth: Int) throws(Problem) -> Item? {
        guard depth <= InventoryLimits.nesting else { throw .tooDeep }
        var found: [Item] = []
        var hasComma = false
        while true {
            let token = scanner.peek()
            if token == close || token == .end { break }
            guard let item = try item(depth: depth) else { return nil }
            found.append(item)
            guard scanner.peek() == .mark(",") else { break }
            _ = scanner.next()
            hasComma = true
        }
        if let close {
            guard scanner.next() == close else { return nil }
            if found.isEmpty { return hasComma ? nil : .value(.list([])) }
        }
        guard let first = found.first else { return nil }
        return hasComma ? .value(.list(found.map { YAMLNode($0.value, line: line) })) : first
    }

    private mutating func item(depth: Int) throws(Problem) -> Item? {
        switch scanner.next() {
        case .number(let value): return .value(value)
        case .string(let text):
            var text = text
            var isBytes = scanner.isBytes
            // Texts beside each other are one.
            while case .string(let more) = scanner.peek() {
                guard scanner.isBytes == isBytes else { return nil }
                isBytes = scanner.isBytes
                text += more
                _ = scanner.next()
            }
            return .value(.string(text))
        case .mark("+"): return signed(isNegative: false)
        case .mark("-"): return signed(isNegative: true)
        case .mark("("): return try items(until: .mark(")"), depth: depth + 1)
        case .mark("["): return try list(depth: depth + 1)
        case .mark("{"): return try braces(depth: depth + 1)
        case .name("None"): return .value(.null)
        case .name("True"): return .value(.boolean(true))
        case .name("False"): return .value(.boolean(false))
        case .name("set"):
            guard scanner.next() == .mark("("), scanner.next() == .mark(")") else { return nil }
            return .set([])
        case .mark("…"): return .value(.string("..."))
        default: return nil
        }
    }

    private mutating func signed(isNegative: Bool) -> Item? {
        guard case .number(let value) = scanner.next() else { return nil }
        guard isNegative else { return .value(value) }
        switch value {
        case .integer(let number): return .value(.integer(-number))
        case .largeInteger(let digits):
            return .value(Int("-" + digits).map { .integer($0) } ?? .largeInteger("-" + digits))
        case .number(let number): return .value(.number(-number))
        default: return nil
        }
    }

    private mutating func list(depth: Int) throws(Problem) -> Item? {
        guard depth <= InventoryLimits.nesting else { throw .tooDeep }
        var found: [YAMLNode] = []
        while scanner.peek() != .mark("]") {
            guard let item = try item(depth: depth) else { return nil }
            found.append(YAMLNode(item.value, line: line))
            guard scanner.peek() == .mark(",") else { break }
            _ = scanner.next()
        }
        return scanner.next() == .mark("]") ? .value(.list(found)) : nil
    }

    /// A dictionary or a set.
    private mutating func braces(depth: Int) throws(Problem) -> Item? {
        guard depth <= InventoryLimits.nesting else { throw .tooDeep }
        var map = YAMLMap()
        var members: [YAMLNode.Value] = []
        var isMap: Bool?
        var isWrong = false
        while scanner.peek() != .mark("}") {
            guard let key = try item(depth: depth) else { return nil }
            // A problem counts only where all of it is a literal.
            isWrong = isWrong || !key.isHashable
            let hasValue = scanner.peek() == .mark(":")
            guard isMap == nil || isMap == hasValue else { return nil }
            isMap = hasValue
            if hasValue {
                _ = scanner.next()
                guard let value = try item(depth: depth) else { return nil }
                _ = map.set(YAMLNode(key.value, line: line), YAMLNode(value.value, line: line))
            } else if map.set(YAMLNode(key.value, line: line), YAMLNode(.null, line: line)) == true {
                members.append(key.value)
            }
            guard scanner.peek() == .mark(",") else { break }
            _ = scanner.next()
        }
        guard scanner.next() == .mark("}") else { return nil }
        if isWrong { throw .unhashable }
        return isMap == false ? .set(members) : .value(.map(map))
    }
}
