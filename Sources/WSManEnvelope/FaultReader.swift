import CLIXML

/// Reads an s:Fault, with f:WSManFault in its detail or without.
struct FaultReader {
    private(set) var xml: XMLReader
    private let textLimit: Int

    init(xml: XMLReader, textLimit: Int) {
        self.xml = xml
        self.textLimit = textLimit
    }

    mutating func read(_ element: XMLElement) throws(CLIXMLError) -> WSManFault {
        var fault = WSManFault()
        while let child = try xml.child(of: element) {
            switch child.name {
            case "Code": try readCode(child, into: &fault)
            case "Reason":
                while let text = try xml.child(of: child) {
                    let reason = try self.text(of: text)
                    if fault.reason.isEmpty { fault.reason = reason }
                }
            case "Detail": try readDetail(child, into: &fault)
            default: try xml.skip(child)
            }
        }
        if fault.message == fault.reason || fault.message?.isEmpty == true { fault.message = nil }
        return fault
    }

    private mutating func readCode(_ element: XMLElement, into fault: inout WSManFault) throws(CLIXMLError) {
        while let child = try xml.child(of: element) {
            switch child.name {
            case "Value": fault.code = try localName(in: child)
            case "Subcode":
                while let value = try xml.child(of: child) {
                    // A subcode may have one of its own: the outermost says the most.
                    if value.name == "Value" { fault.subcode = try localName(in: value) } else { try xml.skip(value) }
                }
            default: try xml.skip(child)
            }
        }
    }

    /// A detail may hold anything, and what cannot be read as f:WSManFault is kept as it stands.
    private mutating func readDetail(_ element: XMLElement, into fault: inout WSManFault) throws(CLIXMLError) {
        var inner = self
        let raw = try xml.skip(element).prefix(textLimit)
        try? inner.readWSManFault(in: element, into: &fault)
        if fault.number == nil, !raw.isEmpty { fault.detail = String(decoding: raw, as: UTF8.self) }
    }

    private mutating func readWSManFault(
        in detail: XMLElement,
        into fault: inout WSManFault
    ) throws(CLIXMLError) {
        while let child = try xml.child(of: detail) {
            guard child.name == "WSManFault", fault.number == nil else {
                try xml.skip(child)
                continue
            }
            fault.number = child.attribute("Code").flatMap { FaultCode($0) }
            fault.machine = child.attribute("Machine")
            while let part = try xml.child(of: child) {
                if part.name == "Message" { fault.message = try text(of: part) } else { try xml.skip(part) }
            }
        }
    }

    /// What stands behind the prefix.
    private mutating func localName(in element: XMLElement) throws(CLIXMLError) -> String {
        let text = try self.text(of: element)
        return text.split(separator: ":").last.map(String.init) ?? text
    }

    /// The text of an element and all in it, blanks folded, no longer than the limit.
    private mutating func text(of element: XMLElement) throws(CLIXMLError) -> String {
        let bytes = try xml.allText(of: element).prefix(textLimit)
        return String(decoding: bytes, as: UTF8.self)
            .split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
    }
}

extension FaultCode {
    /// Decimal, of either sign, or hexadecimal with `0x`.
    init?(_ text: String) {
        let number: Int64? =
            if text.lowercased().hasPrefix("0x") { Int64(text.dropFirst(2), radix: 16) } else { Int64(text) }
        guard let number, number >= Int64(Int32.min), number <= Int64(UInt32.max) else { return nil }
        self.init(rawValue: UInt32(truncatingIfNeeded: number))
    }
}
