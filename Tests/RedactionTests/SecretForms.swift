import Foundation

/// A secret's text in the forms in which it may come, within other text.
enum SecretForms {
    static func all(of secret: String, _ generator: inout some RandomNumberGenerator) -> [String: String] {
        var forms: [String: String] = [:]
        let utf16 = secret.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let utf16Big = secret.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        func latin(_ bytes: [UInt8]) -> String { String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })) }
        forms["plain"] = secret
        forms["UTF-16LE as text"] = latin(utf16)
        forms["UTF-16BE as text"] = latin(utf16Big)
        for alignment in 0..<3 {
            let before = (0..<alignment + 3 * Int.random(in: 0..<4, using: &generator)).map { _ in
                UInt8.random(in: 32..<127, using: &generator)
            }
            let after = (0..<Int.random(in: 0..<5, using: &generator)).map { _ in
                UInt8.random(in: 32..<127, using: &generator)
            }
            let base64 = Data(before + Array(secret.utf8) + after).base64EncodedString()
            forms["base64, alignment \(alignment)"] = base64
            forms["base64 for URLs, alignment \(alignment)"] =
                base64.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            forms["base64 in lines, alignment \(alignment)"] = wrapped(base64, at: 5)
            let command = before.flatMap { [$0, 0] } + utf16 + after.flatMap { [$0, 0] }
            forms["base64 of UTF-16LE, alignment \(alignment)"] = Data(command).base64EncodedString()
            forms["base64 of UTF-16LE, byte \(alignment)"] = Data(before + utf16).base64EncodedString()
        }
        forms["percent, all"] = secret.utf8.map { "%" + hexadecimal($0, upper: true) }.joined()
        forms["percent, all, lower"] = secret.utf8.map { "%" + hexadecimal($0, upper: false) }.joined()
        forms["percent"] = secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics)
        forms["percent in lines"] = forms["percent, all"].map { $0.map(String.init).joined(separator: "\r\n") }
        forms["form"] = forms["percent"]?.replacingOccurrences(of: "%20", with: "+")
        forms["JSON"] = String(json(secret).dropFirst().dropLast())
        forms["JSON, all"] = secret.utf16.map {
            "\\u" + hexadecimal(UInt8($0 >> 8), upper: false) + hexadecimal(UInt8($0 & 0xFF), upper: false)
        }.joined()
        forms["UTF-16 in JSON"] =
            secret.unicodeScalars.allSatisfy { $0.value < 0x80 && $0 != "\"" && $0 != "\\" }
            ? secret.map { "\($0)\\u0000" }.joined() : nil
        forms["XML"] = secret.map {
            ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&apos;"][$0] ?? String($0)
        }.joined()
        forms["XML, all"] = secret.unicodeScalars.map { "&#x\(String($0.value, radix: 16));" }.joined()
        forms["CLIXML"] = secret.utf16.map {
            "_x" + hexadecimal(UInt8($0 >> 8), upper: true) + hexadecimal(UInt8($0 & 0xFF), upper: true) + "_"
        }.joined()
        forms["hexadecimal"] = secret.utf8.map { hexadecimal($0, upper: false) }.joined()
        forms["dump"] = secret.utf8.map { hexadecimal($0, upper: true) }.joined(separator: " ")
        forms["bytes"] = secret.utf8.map { hexadecimal($0, upper: true) }.joined(separator: "-")
        forms["numbers"] = secret.utf8.map(String.init).joined(separator: " ")
        forms["numbers in lines"] = secret.utf8.map(String.init).joined(separator: "\r\n")
        forms["numbers of UTF-16"] = utf16.map(String.init).joined(separator: ", ")
        forms["single quotes"] = secret.replacingOccurrences(of: "'", with: "''")
        forms["shell quotes"] = secret.replacingOccurrences(of: "'", with: "'\\''")
        forms["CSV"] = secret.replacingOccurrences(of: "\"", with: "\"\"")
        forms["backticks"] = secret.map { "`\"$'".contains($0) ? "`\($0)" : String($0) }.joined()
        forms["colours"] = secret.unicodeScalars.map { "\u{1B}[1;31m\($0)\u{1B}[0m" }.joined()
        forms["titles"] = secret.unicodeScalars.map { "\($0)\u{1B}]0;title\u{7}" }.joined()
        forms["lines"] = secret.unicodeScalars.map(String.init).joined(separator: "\r\n")
        forms["marks"] = secret.unicodeScalars.map { "\($0)\u{200B}" }.joined()
        return forms
    }

    private static func wrapped(_ text: String, at width: Int) -> String {
        text.enumerated().map { $0.offset % width == 0 && $0.offset > 0 ? "\r\n    \($0.element)" : String($0.element) }
            .joined()
    }

    private static func hexadecimal(_ byte: UInt8, upper: Bool) -> String {
        let digits = String(byte, radix: 16, uppercase: upper)
        return digits.count == 1 ? "0" + digits : digits
    }

    private static func json(_ text: String) -> String {
        (try? JSONEncoder().encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
