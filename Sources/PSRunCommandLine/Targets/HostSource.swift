/// One value of `--host`: a host, or where hosts are to be read.
package enum HostSource: Sendable, Hashable {
    case host(HostName)
    /// `--host -`: a list of hosts from standard input.
    case standardInput
    /// `--host @FILE`: a list of hosts from a file.
    case file(String)

    /// Reads one value; a range becomes as many hosts.
    /// - Throws: `invalidHostName`.
    package static func parse(_ text: String) throws(UsageError) -> [HostSource] {
        if text == "-" { return [.standardInput] }
        // `@web01` is the host web01 to PowerShell, with an empty user; `@` alone before a path is psrun's.
        if text.hasPrefix("@"), text.count > 1 { return [.file(String(text.dropFirst()))] }
        return try hosts(in: text).map { .host($0) }
    }

    /// Reads a list of hosts, from standard input or a file: one host or range a line, blank lines and what follows a
    /// `#` at a line's beginning left out.
    /// - Throws: `invalidHostName`, naming `origin` and the line.
    package static func parseList(_ text: String, from origin: String) throws(UsageError) -> [HostName] {
        var found: [HostName] = []
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let entry = line.drop { $0 == " " || $0 == "\t" }
            guard let first = entry.first, first != "#" else { continue }
            do {
                found += try hosts(in: String(entry))
            } catch {
                throw UsageError(.invalidHostName, "\(origin), line \(index + 1): \(error.message)")
            }
        }
        return found
    }

    private static func hosts(in text: String) throws(UsageError) -> [HostName] {
        var hosts: [HostName] = []
        for name in try expandHostRange(text) {
            hosts.append(try HostName.parse(name))
        }
        return hosts
    }
}
