import Connections
import Glibc
import PSRunTestSupport
import Testing

@testable import SSHTransport

struct SSHConfigTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func values(
        _ text: String,
        options: [String] = [],
        host: String = "web01",
        user: String? = nil
    ) throws -> SSHConfigValues {
        let file = try folder.write(text, to: "config")
        let lines = try options.map { try #require(try SSHConfigLine($0, place: "-Options \($0)")) }
        let read = SSHConfigFile(reading: file, .init(folder: folder.path, home: folder.path))
        return SSHConfiguration(options: lines, files: [read]).values(
            for: .init(host: host, user: user, port: nil, localUser: "me")
        )
    }

    private func settings(
        _ text: String,
        options: SSHOptions = SSHOptions(),
        host: String = "Web01",
        warn: (String) -> Void = { _ in }
    ) throws -> SSHSettings {
        let facts = SSHEnvironment.Facts(home: "/home/me", user: "me", hostName: "here.example", currentFolder: "/srv")
        let file = try folder.write(text, to: "config")
        let read = SSHConfigFile(reading: file, .init(folder: folder.path, home: folder.path))
        for problem in read.problems { warn(problem) }
        let values = SSHConfiguration(options: [], files: [read]).values(
            for: .init(host: host, user: nil, port: nil, localUser: "me")
        )
        return try SSHSettings(
            target: SSHTarget(host: host),
            values: values,
            options: options,
            facts: facts,
            warn: warn
        )
    }

    @Test("The first value of a keyword counts")
    func theFirstValueCounts() throws {
        let values = try values("Port 1\nHost web*\nPort 2\nUser a\nHost *\nUser b\n", options: ["User=c"])
        #expect(values.first("port") == "1")
        #expect(values.first("user") == "c")
    }

    @Test("Host and Match blocks and included files are read in their order")
    func blocksAndIncludes() throws {
        try folder.write("User included\nHost other\nUser no\n", to: "one.conf")
        let text = "Host web*\nInclude *.conf\nHost !web01 *\nPort 9\nMatch host web01 user included\nPort 10\n"
        let values = try values(text)
        #expect(values.first("user") == "included")
        #expect(values.first("port") == "10")
    }

    @Test("A pattern of Include finds what glob(3) finds, and ends when it has looked at so many names")
    func includePatterns() throws {
        for name in ["a", "a/b", "a/.d", "b"] { try folder.makeFolder(name) }
        for name in ["a/b/x.conf", "a/b/y.conf", "a/.d/z.conf", "b/x.conf", "x[1].conf", ".hidden.conf", "q w.conf"] {
            try folder.write("", to: name)
        }
        let root = folder.path
        for pattern in [
            "*", "*/*.conf", "*/*/x.conf", "a/b/[xy].conf", "a/b/?.conf", "a/b/none", "x\\[1\\].conf", "x\\[1\\].*",
            "*.conf",
            ".*.conf", "a/.*/z.conf", "none/*", "a/b/x.conf/*", "[!x]*.conf", "a//b/*", "q*",
        ] {
            var names = 0
            let found = try IncludePattern.files(matching: "\(root)/\(pattern)", names: &names)
            var wanted = glob_t()
            defer { globfree(&wanted) }
            let status = glob("\(root)/\(pattern)", 0, nil, &wanted)
            let paths =
                status == 0
                ? (0..<Int(wanted.gl_pathc)).compactMap { wanted.gl_pathv[$0].map { String(cString: $0) } } : []
            let plain = paths.map { $0.split(separator: "/").joined(separator: "/") }
            #expect(found.map { $0.split(separator: "/").joined(separator: "/") } == plain, "\(pattern)")
        }
        var names = IncludePattern.mostNames - 2
        #expect(throws: IncludePattern.TooMany.self) {
            try IncludePattern.files(matching: "\(root)/*", names: &names)
        }
    }

    @Test("A file that includes itself twice, or a folder of thousands, is refused after so many files")
    func includesAreBounded() throws {
        let path = try folder.write("Include \(folder.path)/config \(folder.path)/config\n", to: "config")
        let read = SSHConfigFile(reading: path, .init(folder: folder.path, home: folder.path))
        #expect(read.refusal?.contains("more than 1000 files") == true)
    }

    @Test("A line of many megabytes is split in linear time, word by word as ssh does")
    func longLine() throws {
        let clock = ContinuousClock()
        func seconds(_ bytes: Int) throws -> Duration {
            let text = "SetEnv " + String(repeating: "x", count: bytes) + " 'a b' \"c\\\"d\" e\\ f #"
            var line: SSHConfigLine?
            let took = try clock.measure { line = try SSHConfigLine(text, place: "here") }
            #expect(line?.words.dropFirst() == ["a b", "c\"d", "e f"])
            return took
        }
        _ = try seconds(1 << 10)
        let (small, large) = (try seconds(1 << 18), try seconds(1 << 22))
        // It copied the word for each of its characters.
        #expect(large < small * 64, "\(small), \(large)")
    }

    @Test("Match exec is never run")
    func matchExecIsNeverRun() throws {
        let marker = folder.path(of: "ran")
        var warnings: [String] = []
        let settings = try settings("Match exec \"touch \(marker)\"\nPort 9\n") { warnings.append($0) }
        #expect(settings.port == 22)
        #expect(warnings == ["\(folder.path(of: "config")):1: `Match exec` is not supported: the block is left out."])
        #expect(throws: (any Error).self) { try contents(of: marker) }
    }

    @Test("Tokens and tildes are expanded")
    func tokensAndTildes() throws {
        let settings = try settings(
            """
            HostName %h.example.com
            User you
            Port 2200
            IdentityFile ~/.ssh/%h-%n-%p-%r-%u
            CertificateFile %d/c
            UserKnownHostsFile ~/kh none known/%L
            ProxyCommand connect %h:%p ~/x
            """
        )
        #expect(settings.hostName == "web01.example.com")
        #expect(settings.identityFiles == ["/home/me/.ssh/web01.example.com-Web01-2200-you-me"])
        #expect(settings.certificateFiles == ["/home/me/c"])
        #expect(settings.userKnownHostsFiles == ["/home/me/kh", "/srv/known/here"])
        #expect(settings.proxyCommand?.text == "connect web01.example.com:2200 ~/x")
        #expect(settings.knownHostsName == "[web01.example.com]:2200")
    }

    @Test("Algorithm lists may be added to, taken from and put first")
    func algorithmListsAreAddedToAndTakenFrom() {
        #expect(AlgorithmList.apply("a,b", to: ["c"]) == ["a", "b"])
        #expect(AlgorithmList.apply("+a,c", to: ["c"]) == ["c", "a"])
        #expect(AlgorithmList.apply("-a*,x", to: ["ab", "b", "x"]) == ["b"])
        #expect(AlgorithmList.apply("^b", to: ["a", "b"]) == ["b", "a"])
    }

    @Test("A keyword that is not honoured is said")
    func whatIsNotHonouredIsSaid() throws {
        var warnings: [String] = []
        _ = try settings(
            "RevokedHostKeys /etc/revoked\nCheckHostIP no\nSendEnv LANG\nGSSAPIAuthentication yes\nPort \"2\n"
        ) {
            warnings.append($0)
        }
        #expect(
            warnings == [
                "\(folder.path(of: "config")):5: a quote is not closed: the line is ignored.",
                "\(folder.path(of: "config")):1: revokedhostkeys is not honoured by psrun.",
            ]
        )
    }

    @Test("A time is a sum of numbers with units, and what no 32-bit number of seconds holds is not one")
    func times() throws {
        #expect(try settings("ConnectTimeout 90").connectTimeout == .seconds(90))
        #expect(try settings("ConnectTimeout 1m30S").connectTimeout == .seconds(90))
        #expect(try settings("ConnectTimeout 2147483647").connectTimeout == .seconds(2_147_483_647))
        let wrong = [
            "10995116277759w10995116277759w", "2147483648", "2147483647s1", "1073741824s1073741824s", "3551w",
            "99999999999999999999", "9223372036854775807w", "1\u{661}", "-1", "m",
        ]
        for time in wrong {
            for keyword in ["ConnectTimeout", "ServerAliveInterval"] {
                let error = #expect(throws: TransportError.self) { _ = try settings("\(keyword) \(time)") }
                #expect(error?.message.contains("\(time) is not a valid value for \(keyword.lowercased())") == true)
            }
        }
    }

    @Test("A bad value is named with its file and line")
    func badValuesAreNamed() throws {
        for line in ["Port many", "StrictHostKeyChecking maybe", "AddressFamily ipx", "ServerAliveInterval 3y"] {
            let error = #expect(throws: TransportError.self) { _ = try settings(line) }
            #expect(error?.code == .configuration)
            #expect(error?.message.hasPrefix("\(folder.path(of: "config")):1: ") == true)
        }
    }
}
