import Redaction
import Sessions

extension TargetResult {
    /// The same without secrets, in texts and in the numbers that the far side chose.
    func masked(by mask: SecretMask) -> TargetResult {
        guard !mask.isIdle else { return self }
        var result = self
        result.target = mask.masked(target)
        result.exitCode = mask.masked(exitCode)
        result.failure?.message = mask.masked(failure?.message ?? "")
        for index in steps.indices {
            result.steps[index].text = mask.masked(steps[index].text)
            result.steps[index].output = mask.masked(steps[index].output)
            result.steps[index].lastExitCode = mask.masked(steps[index].lastExitCode)
        }
        return result
    }
}

extension SecretMask {
    /// A number that the far side chose; nil where a secret is in it. One of few digits is none by itself.
    fileprivate func masked<Number: BinaryInteger>(_ number: Number?) -> Number? {
        number.flatMap { number in
            let digits = "\(number)"
            return digits.count < Redactor.shortest || masked(digits) == digits ? number : nil
        }
    }

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
