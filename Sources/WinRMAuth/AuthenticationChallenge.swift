/// One challenge of a `WWW-Authenticate` header (RFC 9110, section 11.6.1).
package struct AuthenticationChallenge: Sendable, Hashable {
    package let scheme: String
    /// A token of the scheme's, as it is written; nil where there is none.
    package let token: String?
    /// Names in small letters; quoted values without quotes and backslashes.
    package let parameters: [String: String]

    /// Reads the values of all such headers of one answer. What cannot be read ends its own header, and no other.
    package static func all(in values: [String]) -> [AuthenticationChallenge] {
        values.flatMap { value in
            var reader = ChallengeReader(value)
            return reader.challenges()
        }
    }

    func isOf(_ scheme: AuthenticationScheme) -> Bool { self.scheme.lowercased() == scheme.rawValue.lowercased() }
}

/// Reads one header, in which commas divide challenges and their parameters alike.
private struct ChallengeReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    mutating func challenges() -> [AuthenticationChallenge] {
        var found: [AuthenticationChallenge] = []
        while true {
            skip { $0.isBlank || $0 == UInt8(ascii: ",") }
            guard let scheme = take(where: \.isTokenCharacter) else { return found }
            let hadBlank = skip(where: \.isBlank)
            let token = hadBlank ? token68() : nil
            let parameters = hadBlank && token == nil ? self.parameters() : [:]
            found.append(AuthenticationChallenge(scheme: scheme, token: token, parameters: parameters))
            guard position == bytes.count || bytes[position] == UInt8(ascii: ",") else { return found }
        }
    }

    /// A token that stands alone up to the next comma.
    private mutating func token68() -> String? {
        let start = position
        if let letters = take(where: \.isToken68Character) {
            let padding = take { $0 == UInt8(ascii: "=") } ?? ""
            skip(where: \.isBlank)
            if position == bytes.count || bytes[position] == UInt8(ascii: ",") { return letters + padding }
        }
        position = start
        return nil
    }

    /// Parameters up to what is not one: the next scheme.
    private mutating func parameters() -> [String: String] {
        var found: [String: String] = [:]
        while true {
            let start = position
            skip { $0.isBlank || $0 == UInt8(ascii: ",") }
            guard let name = take(where: \.isTokenCharacter), takeEquals(), let value = value() else {
                // The comma stays: it divides this challenge from the next.
                position = start
                return found
            }
            // The first counts, should a name stand twice.
            if found[name.lowercased()] == nil { found[name.lowercased()] = value }
            skip(where: \.isBlank)
        }
    }

    private mutating func takeEquals() -> Bool {
        skip(where: \.isBlank)
        guard position < bytes.count, bytes[position] == UInt8(ascii: "=") else { return false }
        position += 1
        skip(where: \.isBlank)
        return true
    }

    private mutating func value() -> String? {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            return take { !$0.isBlank && $0 != UInt8(ascii: ",") } ?? ""
        }
        var text: [UInt8] = []
        var index = position + 1
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                position = index + 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\") where index + 1 < bytes.count:
                text.append(bytes[index + 1])
                index += 2
            default:
                text.append(bytes[index])
                index += 1
            }
        }
        return nil
    }

    private mutating func take(where isTaken: (UInt8) -> Bool) -> String? {
        let run = bytes[position...].prefix(while: isTaken)
        guard !run.isEmpty else { return nil }
        position = run.endIndex
        return String(decoding: run, as: UTF8.self)
    }

    @discardableResult
    private mutating func skip(where isSkipped: (UInt8) -> Bool) -> Bool { take(where: isSkipped) != nil }
}

extension UInt8 {
    fileprivate var isBlank: Bool { self == 0x20 || self == 0x09 }

    fileprivate var isAlphanumeric: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }

    /// RFC 9110, section 5.6.2.
    fileprivate var isTokenCharacter: Bool { isAlphanumeric || "!#$%&'*+-.^_`|~".utf8.contains(self) }

    /// RFC 9110, section 11.2, without the padding.
    fileprivate var isToken68Character: Bool { isAlphanumeric || "-._~+/".utf8.contains(self) }
}
