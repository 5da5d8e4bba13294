import Inventories
import Testing

struct InventoryRefusalTests {
    @Test(
        "A wrong line of INI is refused with the file, the line and what is wrong",
        arguments: [
            ("h1\nh2 foo\n", 2, "not name=value"), ("h1\nh2 a= 1\n", 2, "not name=value"), ("h1 a='x\n", 1, "quote"),
            ("h1 a=\\\n", 1, "backslash"),
            ("[a b]\n", 1, "[a b]"), ("[g:odd]\n", 1, "[g:odd]"), ("h1\n[g]\n[g:vars]\nx\n", 4, "not name=value"),
            ("[g:children]\nweb x\n", 2, "'web x'"), ("h1\n[g:children]\nnone\n", 3, "none"),
            ("h1\n\n[none:vars]\nx=1\n", 3, "none"),
            ("h[01:100]\n", 1, "length"), ("h[1:3\n", 1, "h[1:3"), ("h[]\n", 1, "[first:last]"),
            ("h[1:]\n", 1, "last number"),
            ("h[1:9:0]\n", 1, "step"), ("h[9:1:-1]\n", 1, "step"), ("h[c:a]\n", 1, "before it begins"),
            ("h[ab:cd]\n", 1, "letters"),
            ("all:\n  hosts:\n", 1, "YAML"), ("[a]\nh\n[a:children]\na\n", 4, "below itself"),
            ("[a:children]\nb\n[b:children]\nc\n[c:children]\na\n", 6, "below itself"), ("''\n", 1, "empty name"),
            ("h1\n[g]\nh1:0\nh2:0\n", 4, "port 0"), ("h1 a={[1]:2}\n", 1, "of a"),
            ("[g]\nh1\n[g:vars]\nansible_group_priority=x\n", 4, "whole number"),
            ("h1\n[g:children]\nungrouped\n", 3, "ungrouped"),
            ("web ansible_host=10.0.0.1\n[web]\nh1\n[db]\nweb ansible_user=op\n", 5, "host and a group"),
        ]
    )
    func ini(text: String, line: Int, words: String) {
        let error = #expect(throws: InventoryError.self) { try Inventory(text, as: "i.ini") }
        #expect(error?.source == "i.ini")
        #expect(error?.line == line, "\(error?.message ?? "")")
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    @Test(
        "A wrong value of YAML is refused with the file, the line and what is wrong",
        arguments: [
            ("all:\n  hosts: [h1]\n", 2, "'hosts'"), ("all:\n  vars: [1]\n", 2, "'vars'"),
            ("all:\n  hosts:\n    1:\n", 3, "number 1"),
            ("1:\n  hosts:\n", 1, "number 1"), ("all:\n  hosts:\n    h1: 5\n", 3, "number 5"), ("- h1\n", 1, "list"),
            ("plugin: aws_ec2\n", 1, "plug-in"), ("all:\n\thosts:\n", 2, "YAML"),
            ("all:\n  hosts:\n    h1:\n---\nx:\n", 4, "second document"),
            ("all:\n  children:\n    web: [h1]\n", 3, "'web'"),
            ("a:\n  children:\n    b:\n      children:\n        a:\n", 3, "below itself"),
            ("all:\n  hosts:\n    h[3:1:0]:\n", 3, "step"),
            ("web:\n  vars:\n    ansible_group_priority: x\n", 3, "whole number"),
        ]
    )
    func yaml(text: String, line: Int, words: String) {
        let error = #expect(throws: InventoryError.self) { try Inventory(text, as: "i.yml") }
        #expect(error?.line == line, "\(error?.message ?? "")")
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    @Test("A source that is not there is refused, and a list of hosts is one")
    func sources() throws {
        let system = MemorySystem(files: ["d/x.txt": "h1\n"])
        #expect(throws: InventoryError.self) { try Inventory(["nofile"], system: system) }
        #expect(throws: InventoryError.self) { try Inventory(["d"], system: system) }
        let encrypted = #expect(throws: InventoryError.self) { try Inventory("$ANSIBLE_VAULT;1.1;AES256\n61\n") }
        #expect(encrypted?.code == .unsupported)
        let list = try Inventory(["h1, h2:22 ,[2001:db8::1]:33,h1"], system: system)
        #expect(list.names == ["h1", "h2", "2001:db8::1"])
        #expect(try list.target("2001:db8::1")?.port == 33)
    }

    @Test("A host whose name has a range where none is read is not connected to: it has two readings")
    func unreadRange() throws {
        for list in ["web[1-3],", "h1,web[1:3]"] {
            let inventory = try Inventory([list], system: MemorySystem(files: [:]))
            let error = #expect(throws: InventoryError.self) {
                for host in inventory.hosts { _ = try inventory.target(of: host) }
            }
            #expect(error?.code == .ambiguous)
            #expect(error?.message.contains("-w 'web[1-3]'") == true, "\(error?.message ?? "")")
        }
        #expect(try Inventory("h1\n").target("h1")?.address == "h1")
    }

    @Test("A dense tree of groups is walked once, and not once a host")
    func denseTree() throws {
        let width = 40
        var text = ""
        for level in 0..<20 {
            for place in 0..<width {
                text += "[g\(level)x\(place)]\nh\(level)x\(place)\n"
                guard level < 19 else { continue }
                text += "[g\(level)x\(place):children]\n"
                for child in 0..<width { text += "g\(level + 1)x\(child)\n" }
            }
        }
        let clock = ContinuousClock()
        let began = clock.now
        let inventory = try Inventory(text)
        let reading = clock.now - began
        for host in inventory.hosts { _ = try inventory.target(of: host) }
        #expect(clock.now - began - reading < reading * 4)
        let last = try #require(inventory.host(named: "h19x0"))
        #expect(inventory.groups(of: last).count == 19 * width + 1)
    }

    @Test("What is taken as Ansible takes it and is probably not meant is told")
    func warnings() throws {
        let cases = [
            ("h[5:1]\n", "hosts", "no host"), ("h1\n[g]\nh1:22\n", "hosts", "passed over"),
            ("all:\n  host:\n    h1:\n", "i.yml", "'host'"), ("web: [h1]\n", "i.yml", "'web'"),
            ("web:\n  hosts: {h1: }\nweb:\n  hosts: {h2: }\n", "i.yml", "twice"),
            ("[web]\nh1\n[db]\nweb x=1\n", "hosts", "host and a group"),
        ]
        for (text, file, words) in cases {
            let warnings = try Inventory(text, as: file).warnings.map(\.message)
            #expect(warnings.count == 1 && warnings[0].contains(words), "\(text): \(warnings)")
        }
        #expect(try Inventory("[localhost]\nlocalhost ansible_connection=local x=1\n").warnings.isEmpty)
    }

    @Test("A message shows no control characters of a file, and not the whole of a long line")
    func messages() {
        let error = #expect(throws: InventoryError.self) {
            try Inventory("h1 \u{1B}[31mx\(String(repeating: "y", count: 100_000))\n")
        }
        #expect(error?.message.utf8.count ?? 0 < 2000)
        #expect(error?.message.utf8.contains(0x1B) == false)
    }

    @Test("An expression of a limit that takes too many steps is refused, and no host is lost by it")
    func hardExpression() throws {
        let name = String(repeating: "a", count: 40)
        let inventory = try Inventory("[g]\nh1\n\(name)b\n")
        let error = #expect(throws: InventoryError.self) { try inventory.hosts(limitedTo: "~(a+)+$,h1") }
        #expect(error?.code == .limitInvalid)
    }

    @Test("A million hosts are the most, however few words ask for them")
    func bounds() throws {
        for text in [
            "h[1:1000001]\n", "h[0:9][0:9][0:9][0:9][0:9][0:9][0:9]\n", "h[1:9223372036854775807]\n",
            "h[-9223372036854775807:9]\n",
        ] {
            let error = #expect(throws: InventoryError.self) { try Inventory(text) }
            #expect(error?.code == .tooLarge)
        }
        var chain = "[g0]\nh\n"
        for level in 1...70 { chain += "[g\(level):children]\ng\(level - 1)\n" }
        let error = #expect(throws: InventoryError.self) { try Inventory(chain) }
        #expect(error?.code == .tooDeep)
        #expect(error?.line != nil)
    }

    @Test("A hundred thousand hosts in a thousand groups are read in a time that grows with their number")
    func linear() throws {
        func text(_ hosts: Int) -> String {
            (0..<hosts / 100).map { "[g\($0)]\nn\($0)x[00:99] ansible_port=22\n" }.joined()
        }
        func time(_ hosts: Int) throws -> Duration {
            try ContinuousClock().measure {
                let inventory = try Inventory(text(hosts))
                #expect(inventory.hosts.count == hosts)
                for host in inventory.hosts { #expect(try inventory.target(of: host).port == 22) }
            }
        }
        let small = try time(2_000)
        #expect(try time(20_000) < small * 40)
    }
}
