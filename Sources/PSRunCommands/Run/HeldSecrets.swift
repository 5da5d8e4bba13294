import PSRunCommandLine
import Sessions

extension PreparedRun {
    /// The secrets that are known before anything is written: of answers, files and systemd. A file that cannot be read is
    /// complained of when it is needed.
    var secrets: [String] {
        let files = [invocation.credentials.passwordFile, invocation.credentials.passphraseFile].compactMap(\.self)
        let credentials = environment["CREDENTIALS_DIRECTORY"].map { folder in
            ["psrun.password", "psrun.passphrase"].map { "\(folder)/\($0)" }
        }
        return answers.filter(\.isSecret).map(\.answer)
            + files.compactMap { try? FileContents.secret($0) }
            + (credentials ?? []).compactMap { try? FileContents.secret($0, isGuarded: true) }
    }
}

extension SecretMask {
    /// A playbook's bytes as they may be recorded: in its own encoding, and byte for byte where no secret is in it.
    func masked(playbook bytes: [UInt8]) -> [UInt8] {
        guard !isIdle else { return bytes }
        let isLittle = bytes.starts(with: [0xFF, 0xFE])
        guard isLittle || bytes.starts(with: [0xFE, 0xFF]) else {
            let text = String(decoding: bytes, as: UTF8.self)
            let masked = masked(text)
            return masked == text ? bytes : Array(masked.utf8)
        }
        let (low, high) = isLittle ? (0, 1) : (1, 0)
        let units = stride(from: 0, to: bytes.count - 1, by: 2).map {
            UInt16(bytes[$0 + low]) | UInt16(bytes[$0 + high]) << 8
        }
        let text = String(decoding: units, as: UTF16.self)
        let masked = masked(text)
        guard masked != text else { return bytes }
        return masked.utf16.flatMap { unit in
            let pair = [UInt8(truncatingIfNeeded: unit), UInt8(unit >> 8)]
            return [pair[low], pair[high]]
        }
    }
}
