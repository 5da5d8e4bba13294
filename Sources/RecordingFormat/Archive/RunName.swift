/// Names of folders and archive members, made safe for any file system, shell and archive.
package enum RunName {
    /// A run's folder: `20261122T020000Z-nightly-3fa91c`.
    /// - Parameters:
    ///   - seconds: the start, since 1970, UTC.
    ///   - suffix: six hexadecimal digits.
    package static func folder(startedSeconds seconds: Int64, playbookName: String, suffix: String) -> String {
        let ending = [".ps1", ".sh"].first { playbookName.hasSuffix($0) } ?? ""
        let stem = String(playbookName.dropLast(ending.count))
        return "\(UTCTime(secondsSince1970: seconds).compact)-\(safe(stem, or: "playbook"))-\(suffix)"
    }

    /// An entry's member: `00001-web1.example.org.cast`.
    package static func member(entry: Int, target: String) -> String {
        let number = String(entry + 1)
        return String(repeating: "0", count: max(0, 5 - number.count)) + number + "-\(safe(target, or: "target")).cast"
    }

    package static let playbookMember = "playbook.ps1"
    package static let indexMember = "index.tsv"
    package static let sumsMember = "SHA256SUMS"

    /// At most 64 of the letters, digits and `.`, `_`, `-`, `+`, `@` of `name`; `_` for each other byte.
    private static func safe(_ name: String, or fallback: String) -> String {
        let bytes = name.utf8.prefix(64).map { byte -> UInt8 in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2E, 0x5F, 0x2D, 0x2B, 0x40: byte
            default: 0x5F
            }
        }
        return bytes.isEmpty ? fallback : String(decoding: bytes, as: UTF8.self)
    }
}
