import CLIXML

/// Members that a message's body must have.
extension PSValue {
    func required(_ name: String) throws(PSRPError) -> PSValue {
        guard let value = self[name] else {
            throw PSRPError(.malformedBody, "A message has no \(name).")
        }
        return value
    }

    func requiredInt32(_ name: String) throws(PSRPError) -> Int32 {
        guard let number = try required(name).int32Value else { throw wrong(name, "number") }
        return number
    }

    func requiredInt64(_ name: String) throws(PSRPError) -> Int64 {
        guard let number = try required(name).int64Value else { throw wrong(name, "number") }
        return number
    }

    func requiredString(_ name: String) throws(PSRPError) -> PSString {
        guard let string = try required(name).stringValue else { throw wrong(name, "string") }
        return string
    }

    func requiredElements(_ name: String) throws(PSRPError) -> [PSValue] {
        guard let elements = try required(name).elements else { throw wrong(name, "list") }
        return elements
    }

    /// A list without a type's name: slim, and taken by real servers (server/minimal).
    static func plainList(_ elements: [PSValue]) -> PSValue {
        .object(PSObject(base: .list(elements)))
    }

    private func wrong(_ name: String, _ kind: String) -> PSRPError {
        PSRPError(.malformedBody, "A message's \(name) is not a \(kind).")
    }
}
