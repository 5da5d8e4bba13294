/// One value of `--host`: a host, or where hosts are to be read.
package enum HostSource: Sendable, Hashable {
    case host(HostName)
    /// `--host -`: a list of hosts from standard input.
    case standardInput
    /// `--host @FILE`: a list of hosts from a file.
    case file(String)
    /// `-w NODES`: a node set as ClusterShell writes it.
    case nodes(String)
    /// `-i INVENTORY`: an Ansible inventory, or a list of hosts with commas.
    case inventory(String)
    /// `-VMName`, `-VMId`: a virtual machine on this computer, or on libvirt's.
    case machine(MachineChoice)
    /// `-ComputerName`: a computer that is entered over WinRM.
    case computer(String)
    /// `-ConnectionUri`: the address of a service of WinRM's.
    case connectionURI(String)

    /// Reads one value: hosts, ranges and lists with commas between; a range becomes as many hosts.
    /// - Throws: `invalidHostName`.
    package static func parse(_ text: String) throws(UsageError) -> [HostSource] {
        var sources: [HostSource] = []
        for part in parts(of: text) {
            if part == "-" {
                sources.append(.standardInput)
            } else if part.hasPrefix("@"), part.count > 1 {
                // `@web01` is the host web01 to PowerShell, with an empty user; `@` alone before a path is psrun's.
                sources.append(.file(String(part.dropFirst())))
            } else {
                sources += try hosts(in: part).map { .host($0) }
            }
        }
        return sources
    }

    /// What stands between the commas outside brackets.
    static func parts(of text: String) -> [String] {
        var parts = [""]
        var depth = 0
        for character in text {
            if character == "[" { depth += 1 }
            if character == "]" { depth -= 1 }
            if character == ",", depth <= 0 { parts.append("") } else { parts[parts.count - 1].append(character) }
        }
        return parts
    }

    /// Reads a list of hosts as editors write them: in UTF-8, or in UTF-16 behind a byte order mark.
    /// - Throws: `invalidHostName`, naming `origin` and the line.
    package static func parseList(_ bytes: [UInt8], from origin: String) throws(UsageError) -> [HostName] {
        let isLittle = bytes.starts(with: [0xFF, 0xFE])
        if isLittle || bytes.starts(with: [0xFE, 0xFF]) {
            let units = stride(from: 2, to: bytes.count - 1, by: 2).map { index in
                let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
                return isLittle ? second << 8 | first : first << 8 | second
            }
            return try parseList(String(decoding: units, as: UTF16.self), from: origin)
        }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
        return try parseList(String(decoding: text, as: UTF8.self), from: origin)
    }

    /// Reads a list of hosts, from standard input or a file: one host or range a line. Blank lines are left out, and what
    /// follows a `#` at a line's beginning or behind a blank.
    /// - Throws: `invalidHostName`, naming `origin` and the line.
    package static func parseList(_ text: String, from origin: String) throws(UsageError) -> [HostName] {
        var found: [HostName] = []
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let entry = withoutComment(line.drop { $0 == " " || $0 == "\t" })
            guard !entry.isEmpty else { continue }
            do {
                found += try hosts(in: String(entry))
            } catch {
                throw UsageError(.invalidHostName, "\(origin), line \(index + 1): \(error.message)")
            }
        }
        return found
    }

    private static func withoutComment(_ entry: Substring) -> Substring {
        guard entry.first != "#" else { return "" }
        var end = entry.startIndex
        while let hash = entry[end...].firstIndex(of: "#") {
            let before = entry[entry.index(before: hash)]
            if before == " " || before == "\t" { return entry[..<hash] }
            end = entry.index(after: hash)
        }
        return entry
    }

    private static func hosts(in text: String) throws(UsageError) -> [HostName] {
        var hosts: [HostName] = []
        for name in try expandHostRange(text) {
            let host = try HostName.parse(name)
            // PowerShell takes it for a name. Here a password is meant, most likely, and it is not shown.
            guard host.user?.contains(":") != true else {
                throw UsageError(
                    .invalidHostName,
                    "a password is never an argument: give --password-file. A user whose name has a colon is given with --user."
                )
            }
            hosts.append(host)
        }
        return hosts
    }
}

extension HostSource {
    var isComputer: Bool { if case .computer = self { true } else { false } }

    /// Whether it, or a part of it, may be entered over WinRM.
    var mayBeWinRM: Bool {
        switch self {
        case .computer, .connectionURI, .inventory: true
        case .host, .standardInput, .file, .nodes, .machine: false
        }
    }
}
