/// libvirt's address of a hypervisor: `driver[+transport]://[user[:password]@][host][:port]/path[?name=value&…]`, as libvirt
/// reads it (docs/uri.rst). What stands in it as a password is shown nowhere.
package struct HypervisorAddress: Sendable, Hashable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    /// What stands in place of a secret. A recording that has it cannot be run again without the address.
    private static let tag = "[redacted:password]"

    /// Names of parameters whose values are secrets.
    private static let secretNames = ["pass", "secret", "token"]

    /// The same without what is secret.
    package var shown: String {
        var shown = text
        // The last one first, so that the ranges before it stay right.
        for range in secretRanges.reversed() { shown.replaceSubrange(range, with: Self.tag) }
        return shown
    }

    /// What is secret, as it stands there and as libvirt reads it.
    package var secrets: [String] {
        secretRanges.flatMap { range in
            let raw = String(text[range])
            let plain = Self.unescaped(raw)
            return plain == raw ? [raw] : [raw, plain]
        }
    }

    /// Words in which the address may stand, or what is secret of it, without either.
    func hidden(in words: String) -> String {
        guard !secretRanges.isEmpty else { return words }
        return secrets.reduce(words.replacing(text, with: shown)) { $0.replacing($1, with: Self.tag) }
    }

    /// Whether the machines are this computer's: what lies in its file system and in its kernel is then what libvirt tells of.
    package var isLocal: Bool {
        guard let schemeEnd = text.firstRange(of: "://") else { return true }
        let scheme = text[..<schemeEnd.lowerBound].split(separator: "+", omittingEmptySubsequences: false)
        let isUnix = scheme.count < 2 || scheme[1] == "unix"
        return isUnix && authority.map { text[$0].isEmpty } != false
    }

    /// From behind `://` to the path.
    private var authority: Range<String.Index>? {
        guard let start = text.firstRange(of: "://")?.upperBound else { return nil }
        return start..<(text[start...].firstIndex { "/?#".contains($0) } ?? text.endIndex)
    }

    private var secretRanges: [Range<String.Index>] {
        var ranges: [Range<String.Index>] = []
        if let authority, let at = text[authority].lastIndex(of: "@"),
            let colon = text[authority.lowerBound..<at].firstIndex(of: ":")
        {
            ranges.append(text.index(after: colon)..<at)
        }
        let start = authority?.upperBound ?? text.startIndex
        if let question = text[start...].firstIndex(of: "?") {
            for parameter in text[text.index(after: question)...].split(whereSeparator: { $0 == "&" || $0 == ";" }) {
                guard let equals = parameter.firstIndex(of: "=") else { continue }
                let name = parameter[..<equals].lowercased()
                guard Self.secretNames.contains(where: { name.contains($0) }) else { continue }
                ranges.append(parameter.index(after: equals)..<parameter.endIndex)
            }
        }
        return ranges.filter { !$0.isEmpty }
    }

    /// Without percent escapes (RFC 3986, 2.1).
    private static func unescaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard byte == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) else {
                bytes.append(byte)
                continue
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
