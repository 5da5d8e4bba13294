import Files
import Glibc

/// An ssh_config file as a list of directives and blocks, what it includes in place of the Include.
struct SSHConfigFile: Sendable {
    indirect enum Node: Sendable {
        case line(SSHConfigLine)
        case host([HostPattern])
        case match([MatchCriterion])
        case include([Node])
    }

    /// One test of a Match line.
    struct MatchCriterion: Sendable, Hashable {
        let isNegated: Bool
        let name: String
        let argument: String
    }

    private(set) var nodes: [Node] = []
    /// What cannot be honoured, a sentence each.
    private(set) var problems: [String] = []

    init() {}

    /// Reads a file and what it includes; blocks. A file that is not there is an empty one.
    /// - Parameters:
    ///   - folder: where a relative Include is looked for: ~/.ssh for a user's file, /etc/ssh for the system's.
    ///   - home: for `~`.
    init(reading path: String, folder: String, home: String, depth: Int = 0) {
        let text: String
        do throws(FileFailure) {
            guard let found = try FileContents.text(path) else { return }
            text = found
        } catch {
            problems.append("\(path) cannot be read: \(error.reason): the file is ignored.")
            return
        }
        var number = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            let place = "\(path):\(number)"
            do {
                guard let line = try SSHConfigLine(line, place: place) else { continue }
                add(line, folder: folder, home: home, depth: depth)
            } catch {
                problems.append("\(place): \(error.reason): the line is ignored.")
            }
        }
    }

    private mutating func add(_ line: SSHConfigLine, folder: String, home: String, depth: Int) {
        switch line.keyword {
        case "host":
            nodes.append(.host(line.words.map(HostPattern.init)))
        case "match":
            nodes.append(.match(criteria(of: line)))
        case "include":
            // As many as OpenSSH follows.
            guard depth < 16 else {
                problems.append("\(line.place): files include each other too deeply: the line is ignored.")
                return
            }
            for word in line.words {
                let path = word.hasPrefix("~/") ? home + word.dropFirst() : word
                for found in glob(path.hasPrefix("/") ? path : "\(folder)/\(path)") {
                    let file = SSHConfigFile(reading: found, folder: folder, home: home, depth: depth + 1)
                    nodes.append(.include(file.nodes))
                    problems += file.problems
                }
            }
        default:
            nodes.append(.line(line))
        }
    }

    private mutating func criteria(of line: SSHConfigLine) -> [MatchCriterion] {
        var criteria: [MatchCriterion] = []
        var words = line.words[...]
        while let word = words.popFirst() {
            let parts = word.split(separator: "=", maxSplits: 1)
            let isNegated = word.hasPrefix("!")
            let name = (parts.first ?? "").dropFirst(isNegated ? 1 : 0).lowercased()
            switch name {
            case "all":
                criteria.append(MatchCriterion(isNegated: isNegated, name: name, argument: ""))
            case "host", "originalhost", "user", "localuser":
                let argument = parts.count > 1 ? String(parts[1]) : words.popFirst() ?? ""
                criteria.append(MatchCriterion(isNegated: isNegated, name: name, argument: argument))
            default:
                problems.append("\(line.place): `Match \(name)` is not supported: the block is left out.")
                return [MatchCriterion(isNegated: true, name: "all", argument: "")]
            }
        }
        return criteria
    }

    private func glob(_ pattern: String) -> [String] {
        var result = glob_t()
        defer { globfree(&result) }
        guard Glibc.glob(pattern, 0, nil, &result) == 0 else { return [] }
        return (0..<Int(result.gl_pathc)).compactMap { index in
            result.gl_pathv[index].map { String(cString: $0) }
        }
    }
}
