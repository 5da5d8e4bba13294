package import CLIXML

/// A value as one line of text, for what reaches a console without Out-Default.
package enum ValueText {
    /// A string as it is, a number as PowerShell writes it, an object's own string form, else its type; null is empty.
    package static func text(of value: PSValue) -> String {
        switch value {
        case .null, .ancestor: ""
        case .string(let text), .uri(let text), .xmlDocument(let text), .scriptBlock(let text): text.text
        case .char(let unit): String(decoding: [unit], as: UTF16.self)
        case .bool(let bool): bool ? "True" : "False"
        case .uint8(let number): String(number)
        case .int8(let number): String(number)
        case .uint16(let number): String(number)
        case .int16(let number): String(number)
        case .uint32(let number): String(number)
        case .int32(let number): String(number)
        case .uint64(let number): String(number)
        case .int64(let number): String(number)
        case .single(let number): trimmed(number.description)
        case .double(let number): trimmed(number.description)
        case .guid(let guid): guid.description
        case .version(let version): version.description
        case .bytes(let bytes): bytes.map(String.init).joined(separator: " ")
        case .secureString: "System.Security.SecureString"
        case .dateTime(let date): date.text
        case .timeSpan(let span): span.text
        case .decimal(let decimal): text(of: decimal)
        case .object(let object): text(of: object)
        }
    }

    private static func text(of object: PSObject) -> String {
        if let text = object.toString { return text.text }
        if case .value(let inner) = object.base { return text(of: inner) }
        let value = PSValue.object(object)
        if let elements = value.elements { return elements.map(text(of:)).joined(separator: " ") }
        return object.typeNames.first ?? ""
    }

    /// Swift's shortest form of a floating number, without the `.0` that .NET does not write.
    private static func trimmed(_ number: String) -> String {
        number.hasSuffix(".0") ? String(number.dropLast(2)) : number
    }

    private static func text(of decimal: PSDecimal) -> String {
        var digits = String(decimal.magnitude)
        let scale = Int(decimal.scale)
        if scale > 0 {
            digits = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
            digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -scale))
        }
        return (decimal.isNegative ? "-" : "") + digits
    }
}
