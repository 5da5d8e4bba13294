/// Writes one value as one document.
struct Encoder {
    var output: [UInt8] = []
    /// RefIds of the objects in which the output stands, outermost first.
    private var open: [Int] = []
    private var objectCount = 0
    /// RefIds of what ended and may be referred to, by identity. What refers to objects around itself may not:
    /// it would mean others elsewhere.
    private var finished: [ObjectIdentifier: Int] = [:]
    private var typeNames: [[String]: Int] = [:]

    /// - Parameter property: the name under which the value stands (`N`), where it has one.
    mutating func write(_ value: PSValue, as property: String? = nil) {
        switch value {
        case .null: empty(.null, property)
        case .string(let string): text(.string, string, property)
        case .uri(let string): text(.uri, string, property)
        case .xmlDocument(let string): text(.xmlDocument, string, property)
        case .scriptBlock(let string): text(.scriptBlock, string, property)
        case .object(let object): write(object, as: property)
        case .ancestor(let levels):
            // A value taken out of what it was in has lost its ancestors.
            guard levels > 0, levels <= open.count else { return empty(.null, property) }
            empty(.reference, property, id: open[open.count - levels])
        case .bytes(let bytes): base64(.bytes, bytes, property)
        case .secureString(let bytes): base64(.secureString, bytes, property)
        default:
            guard let (element, text) = value.plainText else { return }
            start(element, property)
            output.append(contentsOf: text.utf8)
            end(element)
        }
    }

    private mutating func write(_ object: PSObject, as property: String?) {
        if let id = finished[object.identity] { return empty(.reference, property, id: id) }
        let id = objectCount
        objectCount += 1
        start(.object, property, id: id)
        open.append(id)
        if !object.typeNames.isEmpty { write(typeNames: object.typeNames) }
        if let toString = object.toString { text(.toString, toString) }
        write(object.base)
        properties(.adapted, object.adapted)
        properties(.extended, object.extended)
        open.removeLast()
        end(.object)
        if object.reach == 0 { finished[object.identity] = id }
    }

    private mutating func write(typeNames names: [String]) {
        if let id = typeNames[names] { return empty(.typeNamesReference, id: id) }
        let id = typeNames.count
        typeNames[names] = id
        start(.typeNames, id: id)
        for name in names { text(.typeName, PSString(name)) }
        end(.typeNames)
    }

    private mutating func write(_ base: PSObject.Base) {
        switch base {
        case .none: break
        case .value(let value): write(value)
        case .list(let elements): write(.list, elements)
        case .queue(let elements): write(.queue, elements)
        case .stack(let elements): write(.stack, elements)
        case .enumerable(let elements): write(.enumerable, elements)
        case .dictionary(let entries):
            if entries.isEmpty { return empty(.dictionary) }
            start(.dictionary)
            for entry in entries {
                start(.entry)
                write(entry.key, as: "Key")
                write(entry.value, as: "Value")
                end(.entry)
            }
            end(.dictionary)
        }
    }

    private mutating func write(_ container: Element, _ elements: [PSValue]) {
        if elements.isEmpty { return empty(container) }
        start(container)
        for element in elements { write(element) }
        end(container)
    }

    private mutating func properties(_ element: Element, _ properties: [PSProperty]) {
        if properties.isEmpty { return }
        start(element)
        for property in properties { write(property.value, as: property.name) }
        end(element)
    }
}

extension PSValue {
    /// The element and the text of a primitive that needs no escapes.
    fileprivate var plainText: (Element, String)? {
        switch self {
        case .char(let unit): (.char, String(unit))
        case .bool(let bool): (.bool, bool ? "true" : "false")
        case .dateTime(let time): (.dateTime, time.text)
        case .timeSpan(let time): (.timeSpan, time.text)
        case .uint8(let number): (.uint8, String(number))
        case .int8(let number): (.int8, String(number))
        case .uint16(let number): (.uint16, String(number))
        case .int16(let number): (.int16, String(number))
        case .uint32(let number): (.uint32, String(number))
        case .int32(let number): (.int32, String(number))
        case .uint64(let number): (.uint64, String(number))
        case .int64(let number): (.int64, String(number))
        case .single(let number): (.single, number.xmlText(places: 9))
        case .double(let number): (.double, number.xmlText(places: 17))
        case .decimal(let number): (.decimal, number.text)
        case .guid(let guid): (.guid, guid.description)
        case .version(let version): (.version, version.description)
        case .null, .string, .uri, .xmlDocument, .scriptBlock, .bytes, .secureString, .object, .ancestor: nil
        }
    }
}
