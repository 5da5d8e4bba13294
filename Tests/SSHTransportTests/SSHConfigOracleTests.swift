import Connections
import PSRunTestSupport
import Testing

@testable import SSHTransport

/// Generated configurations, read by psrun and by `ssh -G`: they agree on every keyword that psrun honours.
struct SSHConfigOracleTests {
    /// Values to choose from, by keyword as `ssh -G` spells it.
    private static let choices: [(keyword: String, values: [String])] = [
        ("hostname", ["192.0.2.1", "%h.example.com", "other", "\"quoted\""]), ("port", ["22", "2222", "65535"]),
        ("user", ["alice", "bob", "\"with space\""]), ("identityfile", ["~/.ssh/a", "/keys/%h", "/keys/b", "none"]),
        ("certificatefile", ["/certs/a", "/certs/b"]), ("identitiesonly", ["yes", "no"]),
        ("identityagent", ["none", "/run/agent", "SSH_AUTH_SOCK"]), ("hostkeyalias", ["alias"]),
        ("userknownhostsfile", ["/kh/a /kh/b", "none", "/kh/c"]), ("globalknownhostsfile", ["/kh/g"]),
        ("stricthostkeychecking", ["yes", "no", "ask", "accept-new", "off"]),
        ("preferredauthentications", ["publickey,password", "password"]), ("batchmode", ["yes", "no"]),
        ("pubkeyauthentication", ["yes", "no"]), ("passwordauthentication", ["yes", "no"]),
        ("kbdinteractiveauthentication", ["yes", "no"]), ("proxyjump", ["bastion", "me@bastion:2200"]),
        ("proxycommand", ["nc %h %p", "none", "sh -c \"printf '%%s' 'a  b'\"", "nc  -x \"a b\" %h # %p"]),
        ("serveraliveinterval", ["0", "15", "1m30", "2m"]),
        ("serveralivecountmax", ["1", "3"]), ("addressfamily", ["any", "inet", "inet6"]),
        ("bindaddress", ["192.0.2.9"]), ("compression", ["yes", "no"]), ("connecttimeout", ["5", "1m"]),
        ("ciphers", ["aes256-ctr,aes128-ctr", "aes256-gcm@openssh.com"]), ("macs", ["hmac-sha2-256"]),
        ("kexalgorithms", ["curve25519-sha256", "ecdh-sha2-nistp256,curve25519-sha256"]),
        ("hostkeyalgorithms", ["ssh-ed25519", "rsa-sha2-512,ssh-ed25519"]), ("hashknownhosts", ["yes", "no"]),
    ]

    private static let blocks = [
        "Host *", "Host web*", "Host !web01 *", "Host db01 web0?", "Match all", "Match host web01,web02",
        "Match originalhost web* user alice", "Match !user bob", "Match host *.example.com", "Match localuser nobody",
        "Match final", "Match final host web*", "Match !final host db*", "Match canonical all", "Host WEB01",
        "Host w?b01 \"web02\"",
    ]

    private static func makeFile(_ generator: inout SplitMix64, depth: Int = 0) -> String {
        var lines: [String] = ["# generated", ""]
        for _ in 0..<Int.random(in: 3...14, using: &generator) {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<2: lines.append(blocks.randomElement(using: &generator) ?? "")
            case 2 where depth == 0: lines.append("Include included.conf")
            default:
                guard let choice = choices.randomElement(using: &generator),
                    let value = choice.values.randomElement(using: &generator)
                else { continue }
                let name = Bool.random(using: &generator) ? choice.keyword : choice.keyword.uppercased()
                let isCommand = choice.keyword == "proxycommand"
                let separator = isCommand ? " " : [" ", "=", " = ", "\t"].randomElement(using: &generator) ?? " "
                let comment = !isCommand && Int.random(in: 0..<6, using: &generator) == 0 ? "   # why" : ""
                lines.append("  \(name)\(separator)\(value)\(comment)")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    @Test("Random configurations mean what ssh -G says")
    func agreesWithSSH() async throws {
        var generator = SplitMix64(seed: 2026)
        var cases: [(file: String, host: String, options: [String], folder: TemporaryFolder)] = []
        for index in 0..<240 {
            let folder = try TemporaryFolder()
            try folder.write(Self.makeFile(&generator, depth: 1), to: "included.conf")
            let text = Self.makeFile(&generator).replacing("included.conf", with: folder.path(of: "included.conf"))
            let file = try folder.write(text, to: "config\(index)")
            let options = Bool.random(using: &generator) ? ["Port=7"] : []
            cases.append((file, ["web01", "web02", "db01"].randomElement(using: &generator) ?? "", options, folder))
        }
        let script = cases.map { "echo @; ssh -G -F \($0.file) \($0.options.map { "-o \($0)" }.joined()) \($0.host)" }
        let outcome = try await ChildProgram.run(["/bin/sh", "-c", script.joined(separator: "\n")], within: 120)
        let answers = outcome.output.components(separatedBy: "@\n").dropFirst()
        #expect(answers.count == cases.count)
        var compared = 0
        for (answer, item) in zip(answers, cases) {
            // What ssh itself refuses has no answer to agree with.
            guard !answer.isEmpty else { continue }
            compared += 1
            let file = SSHConfigFile(reading: item.file, .init(folder: item.folder.path, home: "/nonexistent"))
            let lines = try item.options.map { try #require(try SSHConfigLine($0, place: $0)) }
            let values = SSHConfiguration(options: lines, files: [file]).values(
                for: .init(host: item.host, user: nil, port: nil, localUser: SSHEnvironment.Facts.ofThisProcess().user)
            )
            let disagreements = Self.compare(values, host: item.host, with: String(answer))
            let configuration =
                try text(of: item.file) + "included:\n" + text(of: item.folder.path(of: "included.conf"))
            #expect(disagreements == [], "for \(item.host):\n\(configuration)")
        }
        #expect(compared >= 200)
    }

    /// Keywords on which the two differ, with both answers.
    static func compare(_ values: SSHConfigValues, host: String, with answer: String) -> [String] {
        var theirs: [String: [String]] = [:]
        for line in answer.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
            theirs[parts[0], default: []].append(parts.count > 1 ? parts[1] : "")
        }
        return choices.map(\.keyword).compactMap { keyword in
            // What a file does not set is a default, which is not compared here.
            guard let ours = ours(keyword, values, host: host) else { return nil }
            let found = theirs[keyword] ?? []
            return ours == found ? nil : "\(keyword): \(ours) and ssh: \(found)"
        }
    }

    /// A keyword's value as `ssh -G` prints it.
    private static func ours(_ keyword: String, _ values: SSHConfigValues, host: String) -> [String]? {
        guard let words = values.words[keyword] else { return nil }
        let first = words.first?.first ?? ""
        switch keyword {
        case "hostname": return [first.replacingTokens(["h": host])]
        case "identityfile", "certificatefile": return words.compactMap(\.first)
        case "userknownhostsfile", "globalknownhostsfile": return [words[0].joined(separator: " ")]
        case "proxycommand": return first == "none" ? nil : [values.command(keyword) ?? ""]
        case "stricthostkeychecking":
            return [["yes": "true", "no": "false", "off": "false"][first] ?? first]
        case "serveraliveinterval", "connecttimeout":
            let seconds = try? SSHConfigValueReader(values: values).seconds(keyword)
            return [String(seconds?.components.seconds ?? -1)]
        case "pubkeyauthentication": return [first == "yes" ? "true" : "false"]
        default: return [first]
        }
    }
}

extension String {
    fileprivate func components(separatedBy separator: String) -> [Substring] {
        split(separator: separator, omittingEmptySubsequences: false)
    }
}
