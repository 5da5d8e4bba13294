extension YAMLNode {
    /// The value as JSON on one line: keys in their order, texts for days, null for what JSON has no number for.
    package var json: String {
        switch value {
        case .null: "null"
        case .boolean(let value): String(value)
        case .integer(let value): String(value)
        case .largeInteger(let digits): digits
        case .number(let value): value.isFinite ? String(value) : "null"
        case .string(let text), .timestamp(let text), .encrypted(let text): Self.quoted(text)
        case .list(let items): "[\(items.map(\.json).joined(separator: ","))]"
        case .map(let map):
            "{\(map.entries.map { "\(Self.quoted($0.key.keyText)):\($0.value.json)" }.joined(separator: ","))}"
        }
    }

    /// A key's text: JSON's where it is not a text.
    package var keyText: String {
        switch value {
        case .string(let text), .timestamp(let text), .encrypted(let text): text
        case .list, .map: ""
        default: json
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20:
                quoted += "\\u00" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
