import CLIXML

/// Puts an envelope together by appending bytes.
struct EnvelopeWriter {
    private(set) var bytes: [UInt8] = []

    init(room: Int) {
        bytes.reserveCapacity(room)
    }

    /// Appends markup, as it is.
    mutating func append(_ markup: StaticString) {
        markup.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Appends text, of an element or of an attribute in double quotes. What XML cannot hold at all becomes a question
    /// mark.
    mutating func append(text: String) {
        // Nearly all that an envelope holds is written as it is.
        guard Self.needsEscapes(text) else { return bytes.append(contentsOf: text.utf8) }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): append("&amp;")
            case UInt8(ascii: "<"): append("&lt;")
            case UInt8(ascii: ">"): append("&gt;")
            case UInt8(ascii: "\""): append("&quot;")
            case 0x09: append("&#9;")
            case 0x0A: append("&#10;")
            case 0x0D: append("&#13;")
            case ..<0x20: append("?")
            default: bytes.append(byte)
            }
        }
    }

    private static func needsEscapes(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { buffer in
            for byte in buffer where byte < 0x20 || byte == 0x22 || byte == 0x26 || byte == 0x3C || byte == 0x3E {
                return true
            }
            return false
        }
    }

    mutating func append(base64 content: [UInt8]) {
        Base64.encode(content, into: &bytes)
    }

    /// Appends a GUID in upper case, as WS-Management has them.
    mutating func append(_ guid: PSGuid) {
        append(text: guid.description.uppercased())
    }

    /// Appends `start`, escaped text, and `end`.
    mutating func append(_ start: StaticString, text: String, _ end: StaticString) {
        append(start)
        append(text: text)
        append(end)
    }
}
