import PSRunCommandLine
import Testing

struct HostSourceTests {
    @Test(
        "Ranges of host names are expanded",
        arguments: [
            ("web[1-3]", ["web1", "web2", "web3"]),
            ("op@WEB[08-10].example:22", ["op@web08.example:22", "op@web09.example:22", "op@web10.example:22"]),
            ("n[1,5-6]", ["n1", "n5", "n6"]),
            ("r[1-2]n[01-02]", ["r1n01", "r1n02", "r2n01", "r2n02"]),
            ("[::1]:22", ["[::1]:22"]),
        ]
    )
    func ranges(text: String, hosts: [String]) throws {
        let found = try HostSource.parse(text)
        #expect(found == (try hosts.map { .host(try HostName.parse($0)) }))
    }

    @Test(
        "What is not a range is refused",
        arguments: [
            "web[1-3", "web[]", "web[a-b]", "web[1-2-3]", "web[2-1]", "web[0-99999999]", "a[1-300]b[1-300]", "w[-1]",
        ]
    )
    func refused(text: String) {
        let error = #expect(throws: UsageError.self) { try HostSource.parse(text) }
        #expect(error?.code == .invalidHostName)
    }

    @Test("Commas part hosts, but for those of a range")
    func commas() throws {
        let found = try HostSource.parse("web01,op@db[1,3]:22,@more,-")
        let hosts = try ["web01", "op@db1:22", "op@db3:22"].map { HostSource.host(try HostName.parse($0)) }
        #expect(found == hosts + [.file("more"), .standardInput])
        #expect(throws: UsageError.self) { try HostSource.parse("web01,,web02") }
    }

    @Test("A name of very many ranges is refused at once")
    func manyRanges() throws {
        #expect(try HostSource.parse("w" + String(repeating: "[1]", count: 16)).count == 1)
        for name in ["web" + String(repeating: "[1]", count: 10_000), "web" + String(repeating: "[", count: 1 << 20)] {
            let clock = ContinuousClock()
            let time = clock.measure {
                let error = #expect(throws: UsageError.self) { try HostSource.parse(name) }
                #expect(error?.message.contains("it has more than 16 ranges") == true)
                #expect(error.map { $0.message.utf8.count < 500 } == true)
            }
            #expect(time < .seconds(2), "before, this took 16 s")
        }
    }

    @Test("Lists of hosts are standard input or a file")
    func lists() throws {
        #expect(try HostSource.parse("-") == [.standardInput])
        #expect(try HostSource.parse("@hosts.txt") == [.file("hosts.txt")])
    }

    @Test("A list has ranges, and its blank lines and comments count for nothing; an error names its line")
    func list() throws {
        let hosts = try HostSource.parseList("# fleet\r\nweb[1-2]\r\n\r\n  op@db:2222  \n", from: "hosts")
        #expect(hosts.map(\.description) == ["web1", "web2", "op@db:2222"])
        let commented = try HostSource.parseList("web01 # the first\nweb02\t#second\n  # none\n", from: "hosts")
        #expect(commented.map(\.host) == ["web01", "web02"])
        #expect(throws: UsageError.self) { try HostSource.parseList("web01#one\n", from: "hosts") }
        let error = #expect(throws: UsageError.self) { try HostSource.parseList("a\n\nb/c\n", from: "hosts") }
        #expect(error?.message.hasPrefix("hosts, line 3: 'b/c' is not a host") == true)
    }

    @Test("A list of hosts is read in the encodings that editors write")
    func encodings() throws {
        let text = "web01\r\nwéb02 # zwei\r\n"
        let little = text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        let big = text.utf16.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
        for bytes in [
            Array(text.utf8), [0xEF, 0xBB, 0xBF] + Array(text.utf8), [0xFF, 0xFE] + little, [0xFE, 0xFF] + big,
        ] {
            #expect(try HostSource.parseList(bytes, from: "hosts").map(\.host) == ["web01", "wéb02"])
        }
        #expect(try HostSource.parseList([0xFF, 0xFE, 0x61], from: "hosts").isEmpty)
    }

    @Test("A host keeps the letter case that it was typed in, which makes it no other host")
    func letterCase() throws {
        let host = try HostName.parse("op@WEB01.Example:22")
        #expect(host.host == "web01.example" && host.givenAddress == "WEB01.Example")
        #expect(try host == HostName.parse("op@web01.example:22"))
        #expect(try Set([host, HostName.parse("op@web01.EXAMPLE:22")]).count == 1)
        #expect(try HostName.parse("[FE80::1%eth0]").givenAddress == "fe80::1%eth0")
        #expect(try HostName.parse(".").givenAddress == "localhost")
    }
}
