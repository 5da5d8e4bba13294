package import RecordingFormat
import Synchronization

/// What psrun holds as a secret, kept out of everything that is written down.
///
/// Compared byte by byte: to Swift's characters a secret with a combining mark behind it is another text.
package final class SecretMask: Sendable {
    private static let replacement = Array("[secret]".utf8)

    /// The longest first: one may be a part of another.
    private let secrets = Mutex<[[UInt8]]>([])

    package init() {}

    package func add(_ secret: String) {
        let bytes = Array(secret.utf8)
        secrets.withLock { secrets in
            guard !bytes.isEmpty, !secrets.contains(bytes) else { return }
            secrets.append(bytes)
            secrets.sort { $0.count > $1.count }
        }
    }

    /// `text` with each secret in it replaced.
    package func masked(_ text: String) -> String {
        let secrets = secrets.withLock { $0 }
        guard !secrets.isEmpty else { return text }
        return String(decoding: Self.replace(secrets, in: Array(text.utf8)[...]), as: UTF8.self)
    }

    /// `value` with each secret in its strings and keys replaced: its text on the wire may hide one behind escapes.
    package func masked(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): .string(masked(text))
        case .array(let values): .array(values.map(masked))
        case .object(let members):
            .object(members.map { JSONMember(key: masked($0.key), value: masked($0.value)) })
        case .null, .bool, .integer, .double: value
        }
    }

    /// The next part of a text that comes in pieces, with each secret in it replaced.
    /// - Parameter held: what is left of the pieces before; what may begin a secret is left in it again.
    func masked(_ piece: String, after held: inout [UInt8]) -> String {
        let secrets = secrets.withLock { $0 }
        guard !secrets.isEmpty || !held.isEmpty else { return piece }
        let bytes = Self.replace(secrets, in: (held + Array(piece.utf8))[...])
        let open = secrets.map { Self.beginning(of: $0, at: bytes) }.max() ?? 0
        held = Array(bytes.suffix(open))
        return String(decoding: bytes.dropLast(open), as: UTF8.self)
    }

    private static func replace(_ secrets: [[UInt8]], in text: ArraySlice<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.count)
        var rest = text
        while let first = rest.first {
            if let secret = secrets.first(where: { $0[0] == first && rest.starts(with: $0) }) {
                output += replacement
                rest = rest.dropFirst(secret.count)
            } else {
                output.append(first)
                rest = rest.dropFirst()
            }
        }
        return output
    }

    /// How many bytes at the end of `text` begin `secret` without being all of it.
    private static func beginning(of secret: [UInt8], at text: [UInt8]) -> Int {
        (1..<secret.count).last { $0 <= text.count && text.suffix($0).elementsEqual(secret.prefix($0)) } ?? 0
    }
}
