/// The single patterns of a `--limit`.
struct LimitPatterns {
    /// Those whose hosts count, those that others must match too, and those that are taken away.
    var regular: [String] = []
    var intersections: [String] = []
    var exclusions: [String] = []

    /// Splits a limit at its commas, or at colons and blanks where it has none, and reads `@FILE`: a pattern on each line.
    /// - Throws: `InventoryError`
    static func read(_ limit: String, _ system: any InventorySystem) throws(InventoryError) -> LimitPatterns {
        var patterns = LimitPatterns()
        for part in try split(limit) {
            guard part.hasPrefix("@") else {
                patterns.add(part)
                continue
            }
            let lines = try lines(String(part.dropFirst()), limit, system)
            for line in lines { patterns.add(line) }
        }
        guard !patterns.isEmpty else {
            throw InventoryError(
                .limitAmbiguous,
                "--limit '\(limit)'",
                "it has no pattern in it; Ansible would take all hosts, and it may have been meant for none",
                "leave --limit out for all hosts, or name some"
            )
        }
        return patterns
    }

    private var isEmpty: Bool { regular.isEmpty && intersections.isEmpty && exclusions.isEmpty }

    private mutating func add(_ pattern: String) {
        switch pattern.first {
        case nil: break
        case "!": exclusions.append(pattern)
        case "&": intersections.append(pattern)
        default: regular.append(pattern)
        }
    }

    private static func lines(
        _ path: String,
        _ limit: String,
        _ system: any InventorySystem
    ) throws(InventoryError) -> [String] {
        do throws(InventorySystemFailure) {
            let text = String(decoding: try system.read(path, limit: InventoryLimits.textBytes), as: UTF8.self)
            // Files of limits are split at newlines alone, as the lines' own ends are stripped.
            return text.unicodeScalars.split(separator: "\n").map { PythonText.strip(Substring($0)) }
        } catch {
            throw InventoryError(
                .limitInvalid,
                "--limit \(limit)",
                "the file \(path) cannot be read: \(error.reason)",
                "mend the path"
            )
        }
    }

    private static func split(_ limit: String) throws(InventoryError) -> [String] {
        if limit.contains(",") {
            return limit.split(separator: ",").map { PythonText.strip($0) }.filter { !$0.isEmpty }
        }
        if HostAddress.parts(limit) != nil { return [PythonText.strip(limit)] }
        return try words(limit)
    }

    /// What colons and blanks stand between, and brackets do not.
    private static func words(_ limit: String) throws(InventoryError) -> [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        var rest = limit.unicodeScalars[...]
        while let scalar = rest.first {
            rest = rest.dropFirst()
            switch scalar {
            case "[":
                guard let close = rest.firstIndex(of: "]") else { throw bracket(limit) }
                word.append(scalar)
                word.append(contentsOf: rest[...close])
                rest = rest[rest.index(after: close)...]
            case "]": throw bracket(limit)
            case _ where scalar == ":" || PythonText.isSpace(scalar):
                if !word.isEmpty { words.append(String(word)) }
                word = String.UnicodeScalarView()
            default: word.append(scalar)
            }
        }
        if !word.isEmpty { words.append(String(word)) }
        return words
    }

    private static func bracket(_ limit: String) -> InventoryError {
        InventoryError(
            .limitAmbiguous,
            "--limit \(limit)",
            "a bracket has no other one; Ansible would leave it out, and take what stands around it for patterns",
            "close it: web[0], web[0:2], web[13]*"
        )
    }
}
