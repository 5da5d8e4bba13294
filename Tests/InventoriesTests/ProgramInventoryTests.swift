import Glibc
import Inventories
import PSRunTestSupport
import Testing

struct ProgramInventoryTests {
    @Test(
        "A program that prints something else than an inventory is refused",
        arguments: [
            ("not json", "not JSON"), ("[]", "a list"), (#"{"_meta": 1}"#, "_meta"), (#"{"_meta": {}}"#, "hostvars"),
            (#"{"_meta": {"hostvars": []}}"#, "hostvars"),
            (#"{"_meta": {"hostvars": {}, "profile": "inventory_x"}}"#, "profile"),
            (#"{"_meta": {"hostvars": {}}, "g": {"hosts": {"h1": {}}}}"#, "g.hosts"),
            (#"{"_meta": {"hostvars": {}}, "g": {"hosts": [1]}}"#, "a host of g"),
            (#"{"_meta": {"hostvars": {}}, "g": {"vars": [1]}}"#, "g.vars"),
            (#"{"_meta": {"hostvars": {}}, "g": {"children": "web"}}"#, "g.children"),
            (#"{"_meta": {"hostvars": {}}, "g": {}}"#, "as well"),
            (#"{"_meta": {"hostvars": {"h1": 1}}, "g": ["h1"]}"#, "variables of h1"),
            (#"{"_meta": {"hostvars": {}}, "g": ["h1"], "g": ["h2"]}"#, "'g' stands twice"),
            (#"{"_meta": {"hostvars": {"h1": {"a": 1}, "h1": {}}}, "g": ["h1"]}"#, "'h1' stands twice"),
            (#"{"_meta": {"hostvars": {}}, "g": {"hosts": ["h1"], "hosts": []}}"#, "'hosts' stands twice"),
        ]
    )
    func wrong(text: String, words: String) {
        let system = MemorySystem(files: [:], programs: ["p": .printed(Array(text.utf8))])
        let error = #expect(throws: InventoryError.self) { try Inventory(["p"], system: system) }
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    @Test("A program without _meta is asked for each host once")
    func hosts() throws {
        let system = MemorySystem(
            files: [:],
            programs: [
                "p": .failed("is asked for nothing else", said: ""),
                "p --list": .printed(Array(#"{"web": {"hosts": ["h1", "h2"]}, "db": ["h1"]}"#.utf8)),
                "p --host h1": .printed(Array(#"{"ansible_port": 23}"#.utf8)), "p --host h2": .printed([0x0A]),
            ]
        )
        let inventory = try Inventory(["p"], system: system)
        #expect(try inventory.target("h1")?.port == 23)
        #expect(try inventory.target("h2")?.port == nil)
    }

    @Test("A program that fails, hangs or says too much is ended and refused, with its first words")
    func failures() throws {
        let folder = try TemporaryFolder()
        let failing = try folder.write(
            "#!/bin/sh\necho 'no token' >&2\necho second >&2\nexit 3\n",
            to: "failing",
            mode: 0o755
        )
        let error = #expect(throws: InventoryError.self) { try Inventory([failing], system: LocalInventorySystem()) }
        #expect(error?.code == .programFailed)
        #expect(
            error?.message.contains("exit code 3 with --list, and said: no token") == true,
            "\(error?.message ?? "")"
        )

        let hanging = try folder.write("#!/bin/sh\nsleep 100 &\nsleep 100\n", to: "hanging", mode: 0o755)
        let late = #expect(throws: InventoryError.self) {
            try Inventory([hanging], system: LocalInventorySystem(programPatience: .milliseconds(300)))
        }
        #expect(late?.message.contains("program did not end within") == true, "\(late?.message ?? "")")
        #expect(late?.message.contains("cannot be run") == false, "\(late?.message ?? "")")

        let together = #expect(throws: InventoryError.self) {
            try Inventory([hanging], system: LocalInventorySystem(allPatience: .milliseconds(300)))
        }
        #expect(together?.message.contains("those before it") == true, "\(together?.message ?? "")")

        let loud = try folder.write("#!/bin/sh\nyes | head -c 100000\n", to: "loud", mode: 0o755)
        #expect(throws: InventorySystemFailure.self) {
            try LocalInventorySystem().run(loud, ["--list"], limit: 1000)
        }
        let missing = try folder.write("#!/no/such/interpreter\n", to: "missing", mode: 0o755)
        #expect(throws: InventoryError.self) { try Inventory([missing], system: LocalInventorySystem()) }
    }

    @Test(
        "What a program says of its failure is shown in one short line, without control characters and secrets",
        arguments: [
            ("printf 'bad \\033[31mred\\n'", "bad \\x1b[31mred", "\u{1B}"),
            ("head -c 100000 /dev/zero | tr '\\0' y", "yyyy…", String(repeating: "y", count: 300)),
            ("echo 'Traceback (most recent call last):'; echo ' File x'; echo 'KeyError: 1'", "KeyError: 1", "File x"),
            ("echo DB_PASSWORD=hidden is wrong", "DB_PASSWORD=******** is wrong", "hidden"),
            ("echo 'login --token hidden failed'", "--token ******** failed", "hidden"),
            ("echo '{\"api_key\": \"hidden\"}'", "api_key", "hidden"),
            ("echo 'GET https://u:hidden@h/x: 401'", "GET", "hidden"),
            ("echo 'Authorization: Bearer hidden'", "Authorization:", "hidden"),
        ]
    )
    func words(script: String, shown: String, hidden: String) throws {
        let folder = try TemporaryFolder()
        let program = try folder.write("#!/bin/sh\n{ \(script); } >&2\nexit 1\n", to: "p", mode: 0o755)
        let error = #expect(throws: InventoryError.self) { try Inventory([program], system: LocalInventorySystem()) }
        let message = error?.message ?? ""
        #expect(message.contains(shown) && !message.contains(hidden), "\(message)")
    }

    @Test("A program that anybody may change, and a folder that anybody may put one into, are not run")
    func writable() throws {
        let folder = try TemporaryFolder()
        let script = "#!/bin/sh\necho '{\"g\": [\"h1\"], \"_meta\": {\"hostvars\": {}}}'\n"
        func refusal(_ source: String) -> String {
            do throws(InventoryError) {
                _ = try Inventory([source], system: LocalInventorySystem())
                return ""
            } catch {
                return error.message
            }
        }
        let open = try folder.write(script, to: "open", mode: 0o755)
        chmod(open, 0o777)
        #expect(refusal(open).contains("\(open) (mode 777)"), "\(refusal(open))")
        chmod(open, 0o755)
        #expect(refusal(open).isEmpty)
        let inner = try folder.makeFolder("inner")
        let program = try folder.write(script, to: "inner/p", mode: 0o755)
        #expect(refusal(inner).isEmpty && refusal(program).isEmpty)
        chmod(inner, 0o777)
        #expect(refusal(inner).contains("(mode 777)") && refusal(program).contains("(mode 777)"))
        // Others may add files there, and not change this one.
        chmod(inner, 0o1777)
        #expect(refusal(inner).contains("(mode 1777)") && refusal(program).isEmpty)
    }

    @Test("A file with the x bit that is not a program is read as a file")
    func notAProgram() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("h1\n[web]\nh2\n", to: "hosts", mode: 0o755)
        #expect(try Inventory([file], system: LocalInventorySystem()).names == ["h1", "h2"])
    }

    @Test("What a program prints is read whole, and what it reads is nothing")
    func output() throws {
        let folder = try TemporaryFolder()
        let program = try folder.write(
            "#!/bin/sh\ncat\nprintf '{\"_meta\":{\"hostvars\":{}},\"g\":{\"hosts\":['\n"
                + "seq -f '\"h%g\",' 1 50000\nprintf '\"last\"]}}'\n",
            to: "p",
            mode: 0o755
        )
        let inventory = try Inventory([program], system: LocalInventorySystem())
        #expect(inventory.hosts.count == 50001)
        #expect(inventory.names.last == "last")
    }
}
