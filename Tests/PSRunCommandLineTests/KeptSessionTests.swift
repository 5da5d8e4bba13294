import PSRunCommandLine
import Testing

/// `psrun session`, and the parameter sets of what it keeps.
struct KeptSessionTests {
    private func run(_ line: String) throws -> RunInvocation? {
        guard case .run(let run) = try bind(arguments: ["x.ps1"] + line.split(separator: " ").map(String.init)) else {
            return nil
        }
        return run
    }

    private func session(_ line: String) throws -> SessionInvocation? {
        let words = ["session"] + line.split(separator: " ").map(String.init)
        guard case .session(let invocation) = try bind(arguments: words) else { return nil }
        return invocation
    }

    @Test("A kept session is named by each parameter that Enter-PSSession has for one, and a clock goes with it")
    func sets() throws {
        let id = "01234567-89ab-cdef-0123-456789abcdef"
        #expect(try run("-Name web")?.targets == .kept(.name("web")))
        #expect(try run("--name web")?.targets == .kept(.name("web")))
        #expect(try run("-Id 3")?.targets == .kept(.id(3)))
        #expect(try run("-Session web")?.targets == .kept(.any("web")))
        for text in [id, "{\(id.uppercased())}", "(\(id))", "0123456789ABCDEF0123456789abcdef"] {
            #expect(try run("-InstanceId \(text)")?.targets == .kept(.instanceID(id)))
        }
        #expect(try run("-Name web -ConnectingTimeout 5")?.connectingTimeout == .milliseconds(5))
        #expect(try run("--connecting-timeout 5s -Id 1")?.targets == .kept(.id(1)))
    }

    @Test("Two sets together are refused with both named")
    func conflicts() {
        for line in [
            "-Name a -Id 1", "-Name a -HostName b", "-InstanceId 01234567-89ab-cdef-0123-456789abcdef -Session a",
        ] {
            let error = #expect(throws: UsageError.self) { try run(line) }
            #expect(error?.code == .parameterSets, "\(line)")
        }
        #expect(throws: UsageError.self) { try run("-Name a --process 1") }
    }

    @Test(
        "What can name no session, process, container, machine or command is refused before anything is connected",
        arguments: [
            ["-Id", "0"], ["-Id", "-1"], ["-Name", ""], ["-Name", " "], ["-Session", ""], ["-InstanceId", "web"],
            ["-InstanceId", ""], ["--process", "0"], ["--process", "-3"], ["--pipe", ""], ["-CustomPipeName", " "],
            ["-ContainerId", ""], ["-VMName", " ", "-Credential", "op"], ["-VMId", "", "-Credential", "op"],
            ["--host", "a", "--exec", ""], ["--host", "a", "--exec", " \t"], ["--host", "a", "-UserName", " "],
            ["--host", "a", "--password-command", " "],
        ]
    )
    func nothingMeant(_ words: [String]) {
        let error = #expect(throws: UsageError.self) { try bind(arguments: ["x.ps1"] + words) }
        #expect(error?.code == .invalidArgument && error?.message.contains("it takes") == true, "\(words)")
    }

    @Test("A line, an expression and a file's name may be spaces alone")
    func blanks() throws {
        for words in [["-c", " "], ["x.ps1", "--redact", " "], ["x.ps1", "--password-file", " ", "--host", "a"]] {
            #expect(throws: Never.self) { try bind(arguments: words) }
        }
    }

    @Test("A session that is to be closed is named by something")
    func closeNothing() {
        for name in ["", " "] {
            let error = #expect(throws: UsageError.self) { try bind(arguments: ["session", "close", name]) }
            #expect(error?.message.contains("which cannot be empty") == true)
        }
    }

    @Test("A session is opened with the options of a run, listed, and closed by name, id, or all at once")
    func verbs() throws {
        guard case .open("web", let run, _)? = try session("open web --host op@web01 -ConnectingTimeout 5 -J gate")
        else {
            Issue.record("not an open")
            return
        }
        #expect(run.connectingTimeout == .milliseconds(5) && run.ssh?.hosts.count == 1)
        guard case .open("here", let local, _)? = try session("open here") else {
            Issue.record("not an open")
            return
        }
        #expect(local.targets == .local)
        #expect(try session("list --format json") == .list(.json))
        #expect(try session("list") == .list(.text))
        #expect(try session("close web") == .close(.name("web")))
        #expect(try session("close --id 2") == .close(.id(2)))
        #expect(try session("close --all") == .close(nil))
    }

    @Test("A session is opened with the options of any target: containers, virtual machines and processes too")
    func targets() throws {
        guard case .open("box", let box, .text)? = try session("open box -ContainerId web --connecting-timeout 5s"),
            case .open("vm", let machine, .json)? = try session("open vm -VMName web -Credential op --format json"),
            case .open("one", let process, _)? = try session("open one --process 7"),
            case .open("two", let pipe, _)? = try session("open -Name two --pipe nightly")
        else {
            Issue.record("not opens")
            return
        }
        guard case .containers(let containers) = box.targets, case .ssh(let hosts, _) = machine.targets else {
            Issue.record("\(box.targets) \(machine.targets)")
            return
        }
        #expect(containers.containers == ["web"] && box.connectingTimeout == .seconds(5))
        #expect(hosts.sources.count == 1)
        #expect(process.targets == .process(.id(7)) && pipe.targets == .process(.pipe("nightly")))
        #expect(throws: UsageError.self) { try session("open x -ContainerId web --process 7") }
        #expect(throws: UsageError.self) { try session("open x -VMName web --host web01") }
    }

    @Test("What is closed is named in PowerShell's spelling too, and the broker has a clock")
    func closing() throws {
        let id = "01234567-89ab-cdef-0123-456789abcdef"
        #expect(try session("close -Id 2") == .close(.id(2)))
        #expect(try session("close -Name web") == .close(.name("web")))
        #expect(try session("close -InstanceId {\(id)}") == .close(.instanceID(id)))
        #expect(try session("close web -ConnectingTimeout 5") == .close(.name("web"), within: .milliseconds(5)))
        #expect(try session("list --connecting-timeout 2s") == .list(.text, within: .seconds(2)))
        for (line, words) in [
            ("close id 1", "An id is given with --id: psrun session close --id 1."), ("close name web", "close web"),
            ("close a b", "stands in quotes"), ("close -Id 1 web", "give one"), ("open a b", "takes ACTION and NAME"),
            ("open a -Id 1", "is given its ids"), ("open a -Name b", "two are given"),
            ("list -Name a", "takes no name"),
            ("close --format json", "list and open"), ("close a --host b", "goes with psrun session open"),
        ] {
            let error = #expect(throws: UsageError.self) { try session(line) }
            #expect(error?.message.contains(words) == true, "\(line): \(error?.message ?? "")")
        }
    }
}
