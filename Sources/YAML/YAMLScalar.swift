/// What a word of YAML is: the tables of YAML 1.1 (https://yaml.org/type/) as PyYAML has them.
enum YAMLScalar {
    /// As a key: take over another mapping's entries.
    static let merge = "<<"
    private static let defaultKey = "="

    private static let truths: [String: Bool] = {
        var truths: [String: Bool] = [:]
        for (yes, no) in [("yes", "no"), ("Yes", "No"), ("YES", "NO"), ("true", "false"), ("True", "False")] {
            truths[yes] = true
            truths[no] = false
        }
        for (yes, no) in [("TRUE", "FALSE"), ("on", "off"), ("On", "Off"), ("ON", "OFF")] {
            truths[yes] = true
            truths[no] = false
        }
        return truths
    }()

    /// A word without quotes and tag.
    /// - Throws: `YAMLFailure` where it looks like a number or a day and is not one.
    static func plain(_ text: String, line: Int) throws(YAMLFailure) -> YAMLNode {
        let bytes = Array(text.utf8)
        switch bytes.first {
        case nil: return YAMLNode(.null, line: line, source: text)
        case UInt8(ascii: "~") where bytes.count == 1: return YAMLNode(.null, line: line, source: text)
        case UInt8(ascii: "n") where text == "null", UInt8(ascii: "N") where text == "Null" || text == "NULL":
            return YAMLNode(.null, line: line, source: text)
        case UInt8(ascii: "<") where text == merge, UInt8(ascii: "=") where text == defaultKey:
            return YAMLNode(.string(text), line: line, source: text)
        case let first? where "yYnNtTfFoO".utf8.contains(first):
            if let truth = truths[text] { return YAMLNode(.boolean(truth), line: line, source: text) }
        case let first? where "-+.0123456789".utf8.contains(first):
            if let value = try number(bytes, text, line: line) { return YAMLNode(value, line: line, source: text) }
        default: break
        }
        return YAMLNode(.string(text), line: line)
    }

    /// A word with a tag of YAML's own, such as `!!int`.
    /// - Returns: nil where there is no such tag, or it is not for words.
    static func tagged(_ name: String, _ text: String, line: Int) throws(YAMLFailure) -> YAMLNode? {
        let bytes = Array(text.utf8)
        let value: YAMLNode.Value?
        switch name {
        case "str", "python/unicode": return YAMLNode(.string(text), line: line)
        case "null": return YAMLNode(.null, line: line, source: text)
        case "bool": value = truths[text.lowercased()].map { .boolean($0) }
        case "int": value = try YAMLNumber.isInteger(bytes) ? integer(bytes, text, line: line) : nil
        case "float": value = YAMLNumber.float(bytes).map { .number($0) } ?? Double(text).map { .number($0) }
        case "timestamp": value = try YAMLTimestamp.isOne(bytes) ? timestamp(bytes, text, line: line) : nil
        default: return nil
        }
        guard let value else { throw YAMLFailure(.invalidYAML, line: line, "'\(text)' is not a !!\(name)") }
        return YAMLNode(value, line: line, source: text)
    }

    /// `<<` or `=` without quotes.
    static func marker(_ node: YAMLNode) -> String? {
        guard node.string != nil else { return nil }
        return node.source
    }

    /// A key that means only itself.
    static func key(_ node: YAMLNode) -> YAMLNode {
        marker(node) == nil ? node : YAMLNode(node.value, line: node.line)
    }

    private static func number(_ bytes: [UInt8], _ text: String, line: Int) throws(YAMLFailure) -> YAMLNode.Value? {
        if YAMLNumber.isFloat(bytes) { return YAMLNumber.float(bytes).map { .number($0) } }
        if YAMLNumber.isInteger(bytes) { return try integer(bytes, text, line: line) }
        return YAMLTimestamp.isOne(bytes) ? try timestamp(bytes, text, line: line) : nil
    }

    private static func integer(_ bytes: [UInt8], _ text: String, line: Int) throws(YAMLFailure) -> YAMLNode.Value {
        guard let value = YAMLNumber.integer(bytes) else {
            throw YAMLFailure(.invalidYAML, line: line, "'\(text)' looks like a number and is not one; quote it")
        }
        return value
    }

    private static func timestamp(_ bytes: [UInt8], _ text: String, line: Int) throws(YAMLFailure) -> YAMLNode.Value {
        guard let value = YAMLTimestamp.text(bytes) else {
            throw YAMLFailure(.invalidYAML, line: line, "'\(text)' looks like a day and is not one; quote it")
        }
        return .timestamp(value)
    }
}
