import ConsoleText
import RecordingFormat

/// A part of a page before it is written: as HTML, or as JSON of which the page's script makes the same elements. Names of
/// elements and attributes are the page's own; texts are anybody's.
enum PageNode {
    /// Text, as `TerminalText.presentable` leaves it.
    case text(String)
    case element(String, [(name: String, value: String)], [PageNode])
    /// For whoever reads the file: between elements, where it shows nothing.
    case lineEnd

    /// Text of anybody's, without colours.
    static func plain(_ text: String) -> PageNode { .text(TerminalText.presentable(text, colored: false)) }

    /// Appends it as HTML.
    func append(to bytes: inout [UInt8]) {
        switch self {
        case .text(let text): HTMLText.append(markup: text.utf8, to: &bytes)
        case .lineEnd: bytes.append(0x0A)
        case .element(let name, let attributes, let children):
            bytes += "<\(name)".utf8
            for attribute in attributes {
                bytes += " \(attribute.name)=\"".utf8
                HTMLText.append(markup: attribute.value.utf8, to: &bytes)
                bytes.append(0x22)
            }
            bytes.append(0x3E)
            for child in children { child.append(to: &bytes) }
            bytes += "</\(name)>".utf8
        }
    }

    /// Appends it as JSON: text is a string, an element `["name",["attribute","value",…],child,…]`.
    func append(json bytes: inout [UInt8]) {
        switch self {
        case .text(let text): appendJSONString(text.utf8, to: &bytes)
        case .lineEnd: break
        case .element(let name, let attributes, let children):
            bytes += "[\"\(name)\",[".utf8
            for (index, attribute) in attributes.enumerated() {
                bytes += "\(index > 0 ? "," : "")\"\(attribute.name)\",".utf8
                appendJSONString(attribute.value.utf8, to: &bytes)
            }
            bytes.append(0x5D)
            for child in children {
                if case .lineEnd = child { continue }
                bytes.append(0x2C)
                child.append(json: &bytes)
            }
            bytes.append(0x5D)
        }
    }
}
