package import CLIXML

/// Secure strings within values.
extension PSValue {
    package var containsSecureString: Bool {
        switch self {
        case .secureString: true
        case .object(let object): object.values.contains(where: \.containsSecureString)
        default: false
        }
    }

    /// The bytes of all secure strings in the value.
    package var secureStrings: [[UInt8]] {
        switch self {
        case .secureString(let bytes): [bytes]
        case .object(let object): object.values.flatMap(\.secureStrings)
        default: []
        }
    }

    /// The value with each secure string's bytes replaced.
    func replacingSecureStrings(
        _ replace: ([UInt8]) throws(PSRPError) -> [UInt8]
    ) throws(PSRPError) -> PSValue {
        switch self {
        case .secureString(let bytes): return .secureString(try replace(bytes))
        case .object(let object) where containsSecureString:
            return .object(try object.replacingSecureStrings(replace))
        default: return self
        }
    }
}

extension PSObject {
    fileprivate var values: [PSValue] {
        var values = adapted.map(\.value) + extended.map(\.value)
        switch base {
        case .none: break
        case .value(let inner): values.append(inner)
        case .dictionary(let entries): values += entries.flatMap { [$0.key, $0.value] }
        case .list(let elements), .queue(let elements), .stack(let elements), .enumerable(let elements):
            values += elements
        }
        return values
    }

    fileprivate func replacingSecureStrings(
        _ replace: ([UInt8]) throws(PSRPError) -> [UInt8]
    ) throws(PSRPError) -> PSObject {
        func all(_ values: [PSValue]) throws(PSRPError) -> [PSValue] {
            var replaced: [PSValue] = []
            for value in values { replaced.append(try value.replacingSecureStrings(replace)) }
            return replaced
        }
        func all(_ properties: [PSProperty]) throws(PSRPError) -> [PSProperty] {
            zip(properties, try all(properties.map(\.value))).map { PSProperty($0.name, $1) }
        }
        let newBase: Base =
            switch base {
            case .none: .none
            case .value(let inner): .value(try inner.replacingSecureStrings(replace))
            case .dictionary(let entries):
                .dictionary(
                    zip(try all(entries.map(\.key)), try all(entries.map(\.value))).map { PSEntry($0, $1) }
                )
            case .list(let elements): .list(try all(elements))
            case .queue(let elements): .queue(try all(elements))
            case .stack(let elements): .stack(try all(elements))
            case .enumerable(let elements): .enumerable(try all(elements))
            }
        return PSObject(
            typeNames: typeNames,
            toString: toString,
            base: newBase,
            adapted: try all(adapted),
            extended: try all(extended)
        )
    }
}
