import CLIXML
import RecordingFormat
import Sessions

/// A value of the output stream as JSON: properties of objects included, to a depth.
enum RecordedValue {
    private static let maximumDepth = 8

    static func json(_ value: PSValue, depth: Int = 0) -> JSONValue {
        switch value {
        case .null, .ancestor: return .null
        case .bool(let bool): return .bool(bool)
        case .uint8(let number): return .integer(Int64(number))
        case .int8(let number): return .integer(Int64(number))
        case .uint16(let number): return .integer(Int64(number))
        case .int16(let number): return .integer(Int64(number))
        case .uint32(let number): return .integer(Int64(number))
        case .int32(let number): return .integer(Int64(number))
        case .int64(let number): return .integer(number)
        case .secureString: return .string("System.Security.SecureString")
        case .object(let object):
            guard depth < maximumDepth else { return .string(ValueText.text(of: value)) }
            if case .value(let inner) = object.base, object.extended.isEmpty { return json(inner, depth: depth + 1) }
            if let elements = value.elements { return .array(elements.map { json($0, depth: depth + 1) }) }
            if let entries = value.entries {
                return .object(
                    entries.map {
                        JSONMember(key: ValueText.text(of: $0.key), value: json($0.value, depth: depth + 1))
                    }
                )
            }
            let properties = (object.adapted + object.extended).map {
                JSONMember(key: $0.name, value: json($0.value, depth: depth + 1))
            }
            return properties.isEmpty ? .string(ValueText.text(of: value)) : .object(properties)
        default: return .string(ValueText.text(of: value))
        }
    }
}
