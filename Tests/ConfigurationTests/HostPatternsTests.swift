import Configuration
import Testing

/// Which hosts a group of settings is for.
struct HostPatternsTests {
    @Test(
        "A host is meant that one pattern names, and no pattern behind a !",
        arguments: [
            ("web01", ["web01"], ["web02", "web011"]),
            ("WEB01", ["web01", "Web01"], []),
            ("web*", ["web", "web01.example.com"], ["db-web"]),
            ("web?", ["web1"], ["web", "web12"]),
            ("*.example.com,!db*", ["a.example.com"], ["db.example.com", "example.com"]),
            ("!db*, *", ["web"], ["db1"]),
            ("web[01-12,20]", ["web01", "web12", "web20"], ["web1", "web13", "web001"]),
            ("r[1-2]n[1-3],!r2n2", ["r1n2", "r2n3"], ["r2n2", "r3n1"]),
            ("op@web01:2222", ["op@web01:2222"], ["web01"]),
            ("[::1]", ["[::1]"], ["[::2]"]),
        ]
    )
    func names(text: String, meant: [String], others: [String]) throws {
        let patterns = try HostPatterns(text)
        for name in meant { #expect(patterns.matches(ConfiguredHost(names: [name])), "\(name)") }
        for name in others { #expect(!patterns.matches(ConfiguredHost(names: [name])), "\(name)") }
    }

    @Test("A group is meant by its name, and none where the host is in none")
    func groups() throws {
        let host = ConfiguredHost(names: ["a"], groups: ["web", "site1"])
        #expect(try HostPatterns("@web").matches(host))
        #expect(try HostPatterns("@site*").matches(host))
        #expect(try !HostPatterns("@web,!@site1").matches(host))
        #expect(try !HostPatterns("@db").matches(host))
        #expect(try !HostPatterns("@web").matches(ConfiguredHost(names: ["@web", "web"])))
        #expect(try HostPatterns("@web,@site*,!@db").groupNames == ["web", "db"])
    }

    @Test(
        "What says nothing clear is refused with the way out",
        arguments: [
            ("", "a pattern in it is empty"), ("web,,db", "a pattern in it is empty"),
            ("!web*", "it names no host; write '*,!web*' for all others"),
            ("web1 web2", "part patterns by commas"), ("web*!web3", "part patterns by commas"),
            ("!!web", "part patterns by commas"), ("web*&@x", "part patterns by commas"),
            ("web[1-", "is not a range of hosts"), ("web[5-1]", "is not a range of hosts"),
            ("web[1-3]*", "both a range and a wildcard"), ("@", "is not a group"), ("@web[1-2]", "is not a group"),
            ("a\u{7}", "control character"), (String(repeating: "a,", count: 1_000) + "a", "more than 1000 patterns"),
            ("x[1-99999999]", "is not a range of hosts"),
        ]
    )
    func refused(text: String, told: String) {
        do throws(HostPatterns.Malformed) {
            _ = try HostPatterns(text)
            Issue.record("\(text) is taken")
        } catch {
            #expect(error.reason.contains(told), "\(error.reason)")
        }
    }
}
