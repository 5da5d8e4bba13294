import Redaction
package import Sessions

extension TargetResult {
    /// Replaces the secrets in it, in texts and in the numbers that the far side chose.
    /// - Parameter masked: a text without its secrets.
    mutating func mask(_ masked: (String) -> String) {
        target = masked(target)
        exitCode = exitCode.flatMap { $0.masked(by: masked) }
        if let message = failure?.message { failure?.message = masked(message) }
        for index in steps.indices { steps[index].mask(masked) }
    }
}

extension StepResult {
    /// Of a step's output so much is looked through for its first line: what stands at the end of it is not told.
    private static let briefBytes = 64 << 10

    /// The same as it is told in a line: with the beginning of its output, and without secrets.
    package func inBrief(maskedBy mask: SecretMask) -> StepResult { inBrief { mask.masked($0) } }

    /// - Parameter masked: a text without its secrets.
    func inBrief(masked: (String) -> String) -> StepResult {
        var result = self
        result.output = String(decoding: output.utf8.prefix(Self.briefBytes), as: UTF8.self)
        result.mask(masked)
        return result
    }

    /// Replaces the secrets in it.
    /// - Parameter masked: a text without its secrets.
    mutating func mask(_ masked: (String) -> String) {
        text = masked(text)
        output = masked(output)
        if let message = failure?.message { failure?.message = masked(message) }
        lastExitCode = lastExitCode.flatMap { $0.masked(by: masked) }
        exitCode = exitCode.flatMap { $0.masked(by: masked) }
    }
}

extension BinaryInteger {
    /// A number that the far side chose; nil where a secret is in it. One of few digits is none by itself.
    fileprivate func masked(by masked: (String) -> String) -> Self? {
        let digits = "\(self)"
        return digits.count < Redactor.shortest || masked(digits) == digits ? self : nil
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
