import Files
import Glibc
import SystemErrors

/// An ssh_config file as a list of directives and blocks, what it includes in place of the Include.
struct SSHConfigFile: Sendable {
    indirect enum Node: Sendable {
        case line(SSHConfigLine)
        case host([HostPattern])
        case match([MatchCriterion], place: String)
        case include([Node])
    }

    /// How a file is read.
    struct Reading: Sendable {
        /// Where a relative Include is looked for: ~/.ssh for a user's file, /etc/ssh for the system's.
        var folder: String
        /// For `~`.
        var home: String
        /// Whether others must not be able to write to it: as ssh, of ~/.ssh/config and what it includes.
        var isGuarded = false
        /// Patterns of IgnoreUnknown that were read before.
        var ignored: [HostPattern] = []
        var depth = 0
        /// How many files were read before, and how many bytes of them: what includes itself, or a folder of links, has no end.
        var files = 0
        var bytes = 0
        /// How many names of folders were looked at for patterns.
        var names = 0
    }

    /// Files that one configuration includes in all, each as often as it is included.
    static let mostFiles = 1_000
    /// Files within files: as many as OpenSSH follows (readconf.h, READCONF_MAX_DEPTH).
    static let deepest = 16

    private(set) var nodes: [Node] = []
    /// What cannot be honoured, a sentence each.
    private(set) var problems: [String] = []
    /// Why the file must not be used at all.
    private(set) var refusal: String?
    /// Whether there is a block for a second reading (`Match final`).
    private(set) var asksForSecondPass = false
    private var reading: Reading

    /// Reads a file and what it includes; blocks. A file that is not there is an empty one.
    init(reading path: String, _ reading: Reading) {
        self.reading = reading
        self.reading.files += 1
        let text: String
        do throws(FileFailure) {
            guard let found = try FileContents.text(path) else { return }
            text = found
            self.reading.bytes += text.utf8.count
        } catch {
            if let shortage = error.shortage {
                refusal = "\(path) cannot be read: \(error.reason). \(shortage.cure)"
            } else {
                problems.append("\(path) cannot be read: \(error.reason): the file is ignored.")
            }
            return
        }
        guard self.reading.files <= Self.mostFiles, self.reading.bytes <= FileContents.textBytes else {
            refusal =
                "\(path) is not read: with it ssh_config has more than \(Self.mostFiles) files, or "
                + "\(FileContents.textBytes >> 20) MiB. Include fewer, each once."
            return
        }
        if reading.isGuarded, let reason = Self.danger(of: path) {
            refusal = "\(path) is not used, as by ssh: \(reason)"
            return
        }
        read(text, path: path)
    }

    private mutating func read(_ text: String, path: String) {
        let mark = "\u{FEFF}"
        let text = text.hasPrefix(mark) ? text.dropFirst(mark.count) : text[...]
        var number = 0
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            guard refusal == nil else { return }
            number += 1
            let place = "\(path):\(number)"
            do {
                guard let line = try SSHConfigLine(Substring(line), place: place) else { continue }
                add(line)
            } catch {
                problems.append("\(place): \(error.reason): the line is ignored.")
                // What follows is about hosts that nobody can tell: about none.
                if error.keyword == "host" || error.keyword == "match" { nodes.append(.host([])) }
            }
        }
    }

    private mutating func add(_ line: SSHConfigLine) {
        switch line.keyword {
        case "host":
            nodes.append(.host(line.words.map { HostPattern($0) }))
        case "match":
            do throws(MatchCriterion.Unreadable) {
                let criteria = try MatchCriterion.criteria(of: line.words)
                if criteria.contains(where: { $0.test == .final }) { asksForSecondPass = true }
                nodes.append(.match(criteria, place: line.place))
            } catch {
                problems.append("\(line.place): \(error.reason): the block is left out.")
                nodes.append(.match([.never], place: line.place))
            }
        case "include": include(line)
        default:
            if line.keyword == "ignoreunknown" { reading.ignored += [HostPattern](list: line.words[0].lowercased()) }
            guard SSHConfigKeywords.isKnown(line.keyword) || reading.ignored.matches(line.keyword) else {
                problems.append("\(line.place): ssh_config has no keyword \(line.keyword): the line is ignored.")
                return
            }
            nodes.append(.line(line))
        }
    }

    private mutating func include(_ line: SSHConfigLine) {
        guard reading.depth < Self.deepest else {
            problems.append("\(line.place): files include each other too deeply: the line is ignored.")
            return
        }
        for word in line.words {
            let path = word.hasPrefix("~/") ? reading.home + word.dropFirst() : word
            for found in files(matching: path.hasPrefix("/") ? path : "\(reading.folder)/\(path)", line)
            where refusal == nil {
                var inner = reading
                inner.depth += 1
                let file = SSHConfigFile(reading: found, inner)
                (reading.files, reading.bytes) = (file.reading.files, file.reading.bytes)
                reading.names = file.reading.names
                nodes.append(.include(file.nodes))
                problems += file.problems
                refusal = file.refusal
                asksForSecondPass = asksForSecondPass || file.asksForSecondPass
            }
        }
    }

    /// Why somebody else could change what the file says (readconf.c, read_config_file_depth).
    private static func danger(of path: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        guard status.st_uid == 0 || status.st_uid == getuid() else {
            return "it belongs to another user. Make it your own: `chown \(getuid()) \(path)`."
        }
        guard status.st_mode & 0o022 != 0 else { return nil }
        let mode = String(status.st_mode & 0o777, radix: 8)
        return "others may write to it (mode \(mode)), and it names programs to run. Run `chmod go-w \(path)`."
    }

    private mutating func files(matching pattern: String, _ line: SSHConfigLine) -> [String] {
        do throws(IncludePattern.TooMany) {
            return try IncludePattern.files(matching: pattern, names: &reading.names)
        } catch {
            refusal =
                "\(line.place): Include \(pattern) is not followed: its folders hold more than "
                + "\(IncludePattern.mostNames) names. Name the files, or a folder of their own."
            return []
        }
    }
}
