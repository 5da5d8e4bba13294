/// YAML 1.1's days and times (https://yaml.org/type/timestamp.html), as PyYAML has them.
enum YAMLTimestamp {
    /// What a text is made of, read from its front.
    private struct Scanner {
        var rest: ArraySlice<UInt8>

        mutating func digits(_ counts: ClosedRange<Int>) -> Int? {
            let digits = rest.prefix(counts.upperBound).prefix { (0x30...0x39).contains($0) }
            guard digits.count >= counts.lowerBound else { return nil }
            rest = rest.dropFirst(digits.count)
            return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }

        mutating func takes(_ character: Character) -> Bool {
            guard rest.first == character.asciiValue else { return false }
            rest = rest.dropFirst()
            return true
        }

        /// - Returns: how many there were.
        mutating func blanks() -> Int {
            let blanks = rest.prefix { $0 == 0x20 || $0 == 0x09 }
            rest = rest.dropFirst(blanks.count)
            return blanks.count
        }
    }

    private struct Parts {
        var day: (year: Int, month: Int, day: Int)
        var time: (hour: Int, minute: Int, second: Int)?
        var fraction = ""
        /// In minutes.
        var zone: Int?
    }

    static func isOne(_ bytes: [UInt8]) -> Bool {
        parts(bytes) != nil
    }

    /// - Returns: nil where there is no such day or time.
    static func text(_ bytes: [UInt8]) -> String? {
        guard let parts = parts(bytes), (1...12).contains(parts.day.month), parts.day.year > 0 else { return nil }
        let year = parts.day.year
        let isLeap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][parts.day.month - 1]
        guard (1...days).contains(parts.day.day) else { return nil }
        var text = "\(pad(year, 4))-\(pad(parts.day.month))-\(pad(parts.day.day))"
        guard let time = parts.time else { return text }
        guard time.hour < 24, time.minute < 60, time.second < 60 else { return nil }
        text += "T\(pad(time.hour)):\(pad(time.minute)):\(pad(time.second))"
        let fraction = parts.fraction.prefix(6)
        if fraction.contains(where: { $0 != "0" }) {
            text += "." + fraction + String(repeating: "0", count: 6 - fraction.count)
        }
        guard let zone = parts.zone else { return text }
        guard abs(zone) < 24 * 60 else { return nil }
        return text + (zone < 0 ? "-" : "+") + pad(abs(zone) / 60) + ":" + pad(abs(zone) % 60)
    }

    private static func parts(_ bytes: [UInt8]) -> Parts? {
        var scanner = Scanner(rest: bytes[...])
        guard let year = scanner.digits(4...4), scanner.takes("-"), let month = scanner.digits(1...2),
            scanner.takes("-"), let day = scanner.digits(1...2)
        else { return nil }
        var parts = Parts(day: (year, month, day))
        // A day alone has two digits everywhere.
        if scanner.rest.isEmpty { return bytes.count == 10 ? parts : nil }
        guard scanner.takes("T") || scanner.takes("t") || scanner.blanks() > 0, let hour = scanner.digits(1...2),
            scanner.takes(":"), let minute = scanner.digits(2...2), scanner.takes(":"),
            let second = scanner.digits(2...2)
        else { return nil }
        parts.time = (hour, minute, second)
        if scanner.takes(".") {
            let digits = scanner.rest.prefix { (0x30...0x39).contains($0) }
            parts.fraction = String(decoding: digits, as: UTF8.self)
            scanner.rest = scanner.rest.dropFirst(digits.count)
        }
        if scanner.rest.isEmpty { return parts }
        _ = scanner.blanks()
        if scanner.takes("Z") {
            parts.zone = 0
        } else {
            let isWest = scanner.takes("-")
            guard isWest || scanner.takes("+"), let hours = scanner.digits(1...2) else { return nil }
            var minutes = 0
            if scanner.takes(":") {
                guard let more = scanner.digits(2...2) else { return nil }
                minutes = more
            }
            parts.zone = (isWest ? -1 : 1) * (hours * 60 + minutes)
        }
        return scanner.rest.isEmpty ? parts : nil
    }

    private static func pad(_ number: Int, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
