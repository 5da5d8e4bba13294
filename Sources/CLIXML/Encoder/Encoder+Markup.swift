extension Encoder {
    mutating func start(_ element: Element, _ property: String? = nil, id: Int? = nil) {
        open(element, property, id)
        output.append(UInt8(ascii: ">"))
    }

    mutating func empty(_ element: Element, _ property: String? = nil, id: Int? = nil) {
        open(element, property, id)
        output.append(literal: " />")
    }

    mutating func end(_ element: Element) {
        output.append(literal: "</")
        element.appendName(to: &output)
        output.append(UInt8(ascii: ">"))
    }

    mutating func text(_ element: Element, _ string: PSString, _ property: String? = nil) {
        start(element, property)
        output.append(escaped: string, isAttribute: false)
        end(element)
    }

    mutating func base64(_ element: Element, _ bytes: [UInt8], _ property: String?) {
        start(element, property)
        Base64.encode(bytes, into: &output)
        end(element)
    }

    private mutating func open(_ element: Element, _ property: String?, _ id: Int?) {
        output.append(UInt8(ascii: "<"))
        element.appendName(to: &output)
        if let property {
            output.append(literal: " N=\"")
            output.append(escaped: PSString(property), isAttribute: true)
            output.append(UInt8(ascii: "\""))
        }
        if let id {
            output.append(literal: " RefId=\"")
            output.append(contentsOf: String(id).utf8)
            output.append(UInt8(ascii: "\""))
        }
    }
}

extension [UInt8] {
    /// Appends a literal's UTF-8.
    package mutating func append(literal: StaticString) {
        literal.withUTF8Buffer { append(contentsOf: $0) }
    }
}
