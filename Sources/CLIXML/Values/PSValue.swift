/// A value as CLIXML carries it: one of its primitive elements, or an object.
///
/// Source: MS-PSRP 2.2.5; the shapes are those of real PowerShells (7.6.5, 7.4.19).
package enum PSValue: Sendable, Hashable {
    case null
    case string(PSString)
    /// One UTF-16 code unit.
    case char(UInt16)
    case bool(Bool)
    case dateTime(PSDateTime)
    case timeSpan(PSTimeSpan)
    case uint8(UInt8)
    case int8(Int8)
    case uint16(UInt16)
    case int16(Int16)
    case uint32(UInt32)
    case int32(Int32)
    case uint64(UInt64)
    case int64(Int64)
    case single(Float)
    case double(Double)
    case decimal(PSDecimal)
    case bytes([UInt8])
    case guid(PSGuid)
    case uri(PSString)
    case version(PSVersionNumber)
    case xmlDocument(PSString)
    case scriptBlock(PSString)
    /// What stands in an `SS` element, base64 undone: UTF-16LE in the clear at protocol 2.4, ciphertext below it.
    case secureString([UInt8])
    case object(PSObject)
    /// A `Ref` to an enclosing object that is still open, this many objects up (1 is the nearest); written as `Nil`
    /// where there are not so many.
    case ancestor(Int)

    package static func string(_ text: String) -> PSValue { .string(PSString(text)) }

    /// An object whose extended properties are these, in this order, and which has nothing else.
    package static func properties(_ properties: [(String, PSValue)]) -> PSValue {
        .object(PSObject(extended: properties.map { PSProperty($0.0, $0.1) }))
    }

    /// A list (`LST`), with .NET's ArrayList as its type.
    package static func list(_ elements: [PSValue]) -> PSValue {
        .object(PSObject(typeNames: PSTypeNames.arrayList, base: .list(elements)))
    }

    /// A dictionary (`DCT`), with .NET's Hashtable as its type, in this order.
    package static func dictionary(_ entries: [(PSValue, PSValue)]) -> PSValue {
        .object(PSObject(typeNames: PSTypeNames.hashtable, base: .dictionary(entries.map { PSEntry($0.0, $0.1) })))
    }

    /// An enum's value: its type's names, its member's name and its number.
    package static func enumeration(_ type: String, _ member: String, _ number: Int32) -> PSValue {
        .object(
            PSObject(
                typeNames: [type, "System.Enum", "System.ValueType", "System.Object"],
                toString: PSString(member),
                base: .value(.int32(number))
            )
        )
    }
}

/// The type names that PowerShell gives to the collections that it sends.
package enum PSTypeNames {
    package static let arrayList = ["System.Collections.ArrayList", "System.Object"]
    package static let hashtable = ["System.Collections.Hashtable", "System.Object"]
    package static let primitiveDictionary = [
        "System.Management.Automation.PSPrimitiveDictionary", "System.Collections.Hashtable", "System.Object",
    ]
}
