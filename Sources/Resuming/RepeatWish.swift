import RecordingFormat

/// One value of `--repeat-unknown`: whose line in doubt is to be sent once more.
package struct RepeatWish: Sendable, Hashable {
    private let text: String

    /// - Parameter text: `all`, `HOST` or `HOST:LINE`; a host is named by its host part or as the whole target.
    package init(_ text: String) {
        self.text = text
    }

    /// The places of the targets that are meant.
    /// - Throws: ResumeError, where it means none of them, or several by one name.
    func places(in targets: [ResumePlan.Target]) throws(ResumeError) -> [Int] {
        let doubtful = targets.indices.filter { targets[$0].start.doubt != nil }
        guard text != "all" else { return doubtful }
        let whole = doubtful.filter { targets[$0].isCalled(text) }
        let (host, line) = Self.parts(text)
        let withLine = line == nil ? [] : doubtful.filter { targets[$0].isCalled(host) }
        guard whole.isEmpty || withLine.isEmpty else {
            throw ResumeError(
                "--repeat-unknown \(text) may mean the target \(text), or line \(line ?? 0) of \(host). Write the target's line "
                    + "as well: \(text):LINE."
            )
        }
        if !whole.isEmpty { return whole }
        guard let line, !withLine.isEmpty else { throw nothing(doubtful.map { targets[$0] }) }
        let places = withLine.filter { targets[$0].start.doubt?.lines.contains(line) == true }
        guard !places.isEmpty else {
            let known = withLine.compactMap { targets[$0].doubtText }.first ?? ""
            throw ResumeError("--repeat-unknown \(text): line \(line) of \(host) is not in doubt; \(known) is.")
        }
        return places
    }

    private func nothing(_ doubtful: [ResumePlan.Target]) -> ResumeError {
        let names = doubtful.prefix(5).compactMap { target in target.doubtText.map { "\(target.name) (\($0))" } }
        let more = doubtful.count > 5 ? " and \(doubtful.count - 5) more" : ""
        let known =
            names.isEmpty ? "No target has one." : "Those that have one: \(names.joined(separator: ", "))\(more)."
        return ResumeError("--repeat-unknown \(text) names no target with a line that may have run. \(known)")
    }

    /// `web03:18` in two; the line is nil where none is named.
    private static func parts(_ text: String) -> (host: String, line: Int?) {
        guard let colon = text.lastIndex(of: ":"), colon != text.startIndex else { return (text, nil) }
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let line = Int(digits) else {
            return (text, nil)
        }
        return (String(text[..<colon]), line)
    }
}

extension ResumePlan.Target {
    /// `line 3`, `lines 5 to 9`.
    package var doubtText: String? {
        start.doubt.map { doubt in
            let (first, last) = (doubt.lines.lowerBound, doubt.lines.upperBound)
            return first == last ? "line \(first)" : "lines \(first) to \(last)"
        }
    }

    /// Whether a name means it: the whole target, or its host part, in either letter case.
    fileprivate func isCalled(_ name: String) -> Bool {
        let (target, name) = (self.name.lowercased(), name.lowercased())
        guard target != name else { return true }
        var host = target[...]
        if let at = host.lastIndex(of: "@") { host = host[host.index(after: at)...] }
        // An address in brackets has colons of its own.
        if let colon = host.lastIndex(of: ":"), !host[colon...].contains("]"),
            host.first == "[" || host.firstIndex(of: ":") == colon
        {
            host = host[..<colon]
        }
        return host == name
    }
}
