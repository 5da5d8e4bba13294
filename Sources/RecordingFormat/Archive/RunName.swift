/// Names of folders and archive members, made safe for any file system, shell and archive.
package enum RunName {
    /// A run's folder: `20261122T020000Z-nightly-3fa91c`.
    /// - Parameters:
    ///   - seconds: the start, since 1970, UTC.
    ///   - suffix: six hexadecimal digits.
    package static func folder(startedSeconds seconds: Int64, playbookName: String, suffix: String) -> String {
        "\(UTCTime(secondsSince1970: seconds).compact)-\(stem(of: playbookName))-\(suffix)"
    }

    /// What a run's folder keeps of its playbook's name: `nightly` of `nightly.ps1`.
    package static func stem(of playbookName: String) -> String {
        let ending = [".ps1", ".sh"].first { playbookName.hasSuffix($0) } ?? ""
        return safe(String(playbookName.dropLast(ending.count)), or: "playbook")
    }

    /// What a run's folder says of the run; nil where it is none's.
    package static func parts(of folder: String) -> (startedSeconds: Int64, playbook: String)? {
        let bytes = Array(folder.utf8)
        guard bytes.count > 24, bytes[15] == 0x5A, bytes[16] == 0x2D, bytes[bytes.count - 7] == 0x2D else { return nil }
        func digits(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        let extended =
            "\(digits(0..<4))-\(digits(4..<6))-\(digits(6..<8))T\(digits(9..<11)):\(digits(11..<13)):\(digits(13..<15))Z"
        guard bytes[8] == 0x54, let time = UTCTime(extended) else { return nil }
        return (time.secondsSince1970, digits(17..<bytes.count - 7))
    }

    /// An entry's member: `00001-web1.example.org.cast`.
    package static func member(entry: Int, target: String) -> String {
        let number = String(entry + 1)
        return String(repeating: "0", count: max(0, 5 - number.count)) + number + "-\(safe(target, or: "target")).cast"
    }

    package static let playbookMember = "playbook.ps1"
    package static let indexMember = "index.tsv"
    package static let sumsMember = "SHA256SUMS"

    /// Whether some bytes are as all names here are: ASCII letters, digits and `.`, `_`, `-`, `+`, `@`. Two strings of these
    /// are equal where their bytes are; of others Swift takes some for the same that a file system does not.
    package static func isName(_ bytes: some Collection<UInt8>) -> Bool {
        !bytes.isEmpty && bytes.allSatisfy { safe($0) == $0 }
    }

    /// Whether a text can be a run's folder: such a name that no tool takes for an option, a hidden file or a way up.
    package static func isFolder(_ text: String) -> Bool {
        isName(text.utf8) && text.utf8.first != 0x2D && text.utf8.first != 0x2E
    }

    /// At most 64 of the letters, digits and `.`, `_`, `-`, `+`, `@` of `name`; `_` for each other byte.
    private static func safe(_ name: String, or fallback: String) -> String {
        let bytes = name.utf8.prefix(64).map(safe)
        return bytes.isEmpty ? fallback : String(decoding: bytes, as: UTF8.self)
    }

    private static func safe(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2E, 0x5F, 0x2D, 0x2B, 0x40: byte
        default: 0x5F
        }
    }
}
