/// The hosts that a name with ranges stands for: `db[01:10:2]-node-[a:c]`.
struct HostRange {
    private let whole: String
    private let place: InventoryPlace

    /// Of a name with ranges: so a million of them take no more than they may.
    private static let mostBytes = 512
    private static let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

    /// - Returns: the hosts; the range in it that is empty, which leaves none.
    /// - Throws: `InventoryError`
    static func expand(
        _ text: String,
        _ place: InventoryPlace
    ) throws(InventoryError) -> (hosts: [String], empty: String?) {
        guard text.utf8.contains(UInt8(ascii: "[")) else { return ([text], nil) }
        return try HostRange(whole: text, place: place).expand()
    }

    private func expand() throws(InventoryError) -> (hosts: [String], empty: String?) {
        guard whole.utf8.count <= Self.mostBytes else { throw tooMany() }
        guard !whole.contains("|") else { throw wrong("stands beside a |") }
        var parts: [(head: Substring, numbers: [String])] = []
        var rest = whole[...]
        var count = 1
        var empty: String?
        while let open = rest.firstIndex(of: "[") {
            guard let close = rest.firstIndex(of: "]"), open < close else {
                throw wrong("has a bracket that is not closed")
            }
            let range = rest[rest.index(after: open)..<close]
            let numbers = try numbers(range)
            if numbers.isEmpty { empty = "[\(range)]" }
            // Each factor is a million at most, and so is what they are multiplied with.
            count *= numbers.count
            guard count <= InventoryLimits.hosts else { throw tooMany() }
            parts.append((rest[..<open], numbers))
            rest = rest[rest.index(after: close)...]
        }
        var hosts = [""]
        for part in parts {
            hosts = hosts.flatMap { front in part.numbers.map { "\(front)\(part.head)\($0)" } }
        }
        return (hosts.map { "\($0)\(rest)" }, empty)
    }

    private func numbers(_ range: Substring) throws(InventoryError) -> [String] {
        let bounds = range.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard bounds.count == 2 || bounds.count == 3 else { throw wrong("is not [first:last] or [first:last:step]") }
        guard !bounds[1].isEmpty else { throw wrong("has no last number") }
        let first = bounds[0].isEmpty ? "0" : bounds[0]
        let width = first.utf8.first == UInt8(ascii: "0") && first.utf8.count > 1 ? first.utf8.count : 0
        guard width == 0 || width == bounds[1].utf8.count else {
            throw wrong("begins with \(first) and ends with \(bounds[1]), which are not of the same length")
        }
        guard let step = bounds.count == 3 ? PythonText.integer(bounds[2]) : 1, step > 0 else {
            throw wrong("has a step that is not a whole number above 0")
        }
        if let low = Self.letter(first), let high = Self.letter(bounds[1]) {
            guard low <= high else { throw wrong("ends before it begins") }
            return stride(from: low, through: high, by: step).map { String(Self.letters[$0]) }
        }
        guard let low = PythonText.integer(first), let high = PythonText.integer(bounds[1]) else {
            throw wrong("is neither of single letters nor of whole numbers")
        }
        let (span, isTooLong) = high.subtractingReportingOverflow(low)
        guard !isTooLong, span / step < InventoryLimits.hosts else { throw tooMany() }
        return stride(from: low, through: high, by: step).map { Self.padded($0, width) }
    }

    private static func letter(_ text: String) -> Int? {
        guard let letter = text.first, text.count == 1 else { return nil }
        return letters.firstIndex(of: letter)
    }

    /// As `str.zfill` does: the zeros stand behind the sign.
    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number.magnitude)
        let sign = number < 0 ? "-" : ""
        return sign + String(repeating: "0", count: max(0, width - digits.count - sign.count)) + digits
    }

    private func wrong(_ what: String) -> InventoryError {
        place.error(.invalidINI, "the range in '\(whole)' \(what)", "write it as web[01:10], web[a:f] or web[0:8:2]")
    }

    private func tooMany() -> InventoryError {
        place.error(
            .tooLarge,
            "'\(whole)' is more than \(InventoryLimits.hosts) hosts, or longer than \(Self.mostBytes) bytes",
            "split the inventory"
        )
    }
}
