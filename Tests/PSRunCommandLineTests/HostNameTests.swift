import PSRunCommandLine
import Testing

/// psrun's reading of a host against PowerShell's, for every value PowerShell was asked.
struct HostNameTests {
    struct Line: Decodable, Sendable {
        struct Result: Decodable, Sendable {
            var host: String?
            var user: String?
            var port: UInt16?
            var error: String?
        }

        var hostName: String
        var result: Result
    }

    struct Deviation: Sendable {
        var expected: HostName?
        var reason: String
    }

    /// Where psrun answers otherwise, all of it; nil is refused.
    static let deviations: [String: Deviation] = [
        "[fe80::1%25eth0]": Deviation(expected: HostName(host: "[fe80::1%eth0]"), reason: "the zone is kept"),
        "[fe80::1%eth0]": Deviation(expected: HostName(host: "[fe80::1%eth0]"), reason: "the zone is kept"),
        "op name@web01": Deviation(
            expected: HostName(host: "web01", user: "op name"),
            reason: "the user is taken as written"
        ),
        "ünï@web01": Deviation(
            expected: HostName(host: "web01", user: "ünï"),
            reason: "the user is taken as written"
        ),
        #"DOMAIN\op@web01"#: Deviation(
            expected: HostName(host: "web01", user: #"DOMAIN\op"#),
            reason: "the user is taken as written"
        ),
        "web01/": Deviation(expected: nil, reason: "a path would be dropped"),
        "web01/path": Deviation(expected: nil, reason: "a path would be dropped"),
        "web01:22/sub": Deviation(expected: nil, reason: "a path would be dropped"),
        "ssh://web01": Deviation(expected: nil, reason: "a path would be dropped"),
        "http://web01": Deviation(expected: nil, reason: "a path would be dropped"),
        "web01?x": Deviation(expected: nil, reason: "a query would be dropped"),
        "web01#x": Deviation(expected: nil, reason: "a fragment would be dropped"),
    ]

    @Test("Every host name that PowerShell was asked is judged as PowerShell judges it")
    func agreesWithPowerShell() throws {
        let lines = try Fixture.lines("hostnames.jsonl", as: Line.self)
        #expect(lines.count == 83)
        for line in lines {
            let theirs: HostName? =
                line.result.host.map { host in
                    HostName(host: host, user: line.result.user, port: line.result.port == 0 ? nil : line.result.port)
                }
            let ours = try? HostName.parse(line.hostName)
            if let deviation = Self.deviations[line.hostName] {
                #expect(ours == deviation.expected, "\(line.hostName): \(deviation.reason)")
                #expect(ours != theirs, "\(line.hostName) is not a deviation")
            } else {
                #expect(ours == theirs, "\(line.hostName)")
            }
        }
        #expect(Set(Self.deviations.keys).isSubset(of: lines.map(\.hostName)), "a deviation is not in the fixture")
    }

    @Test(
        "IPv6 addresses in brackets are taken",
        arguments: [
            ("[::]", "::"), ("[::1]:22", "::1"), ("[2001:DB8::7]", "2001:db8::7"),
            ("[::ffff:10.0.0.1]", "::ffff:10.0.0.1"),
            ("[1:2:3:4:5:6:7:8]", "1:2:3:4:5:6:7:8"), ("[fe80::1%en-0]", "fe80::1%en-0"), ("[1::]", "1::"),
        ]
    )
    func ipv6(text: String, address: String) throws {
        #expect(try HostName.parse(text).address == address)
    }

    @Test(
        "What is not an address in brackets is refused",
        arguments: [
            "[]", "[:::]", "[1:2:3]", "[1:2:3:4:5:6:7:8:9]", "[1::2::3]", "[::12345]", "[::1%]", "[::1% eth0]", "[::g]",
            "[::1]x", "[10.0.0.1]", "[::10.0.0]", "[:1:2:3:4:5:6:7]", "[1:2:3:4:5:6:7::8]",
        ]
    )
    func notIPv6(text: String) {
        #expect(throws: UsageError.self) { try HostName.parse(text) }
    }

    @Test("An error names the value, the part and the way out")
    func errors() throws {
        let expected = [
            "fe80::1":
                "'fe80::1' is not a host: only a port may follow a host; write an IPv6 address in brackets, such as [::1]:22.",
            "ssh://web01":
                "'ssh://web01' is not a host: a path, query or fragment is not allowed in it; write [user@]host[:port].",
            "web01:70000": "'web01:70000' is not a host: '70000' is not a port; it takes 1 to 65535.",
            "we\u{1B}b": #"'we\u{1B}b' is not a host: it contains a control character."#,
            "-oProxyCommand=x": "'-oProxyCommand=x' is not a host: a host does not begin with a dash.",
        ]
        for (text, message) in expected {
            let error = #expect(throws: UsageError.self) { try HostName.parse(text) }
            #expect(error == UsageError(.invalidHostName, message))
        }
    }
}
