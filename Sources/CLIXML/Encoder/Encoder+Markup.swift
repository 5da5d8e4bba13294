extension Encoder {
    mutating func start(_ element: Element, _ property: String? = nil, id: Int? = nil) {
        open(element, property, id)
        output.append(UInt8(ascii: ">"))
    }

    mutating func empty(_ element: Element, _ property: String? = nil, id: Int? = nil) {
        open(element, property, id)
        output.append(contentsOf: " />".utf8)
    }

    mutating func end(_ element: Element) {
        output.append(contentsOf: "</".utf8)
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
            output.append(contentsOf: " N=\"".utf8)
            output.append(escaped: PSString(property), isAttribute: true)
            output.append(UInt8(ascii: "\""))
        }
        if let id {
            output.append(contentsOf: " RefId=\"".utf8)
            output.append(contentsOf: String(id).utf8)
            output.append(UInt8(ascii: "\""))
        }
    }
}
