import Connections
import PSRunTestSupport
import Testing

@testable import SSHTransport

/// Rules of ssh_config(5) that a session stands or falls with, one by one.
struct SSHRulesTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func settings(
        _ text: String,
        host: String = "web01",
        options: SSHOptions = SSHOptions(),
        environment: [String: String] = [:],
        warn: (String) -> Void = { _ in }
    ) throws -> SSHSettings {
        let facts = SSHEnvironment.Facts(
            home: "/home/me",
            user: "me",
            hostName: "here.example",
            currentFolder: "/work",
            environment: environment
        )
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

    private func warnings(_ text: String, host: String = "web01") throws -> [String] {
        var told: [String] = []
        _ = try settings(text, host: host) { told.append($0) }
        return told.map { $0.replacing("\(folder.path)/config", with: "F") }
    }

    @Test("Variables, and the homes of others, stand in paths")
    func pathsAreExpanded() throws {
        let settings = try settings(
            """
            IdentityFile ${HOME}/.ssh/${KIND}_%r
            IdentityFile ~root/key
            CertificateFile ${HOME}/c
            UserKnownHostsFile ${HOME}/kh ~/kh2
            IdentityAgent ${RUN}/agent
            """,
            environment: ["HOME": "/h", "KIND": "id", "RUN": "/run/me"]
        )
        #expect(settings.identityFiles == ["/h/.ssh/id_me", "/root/key"])
        #expect(settings.certificateFiles == ["/h/c"])
        #expect(settings.userKnownHostsFiles == ["/h/kh", "/home/me/kh2"])
        #expect(settings.agentSocket == "/run/me/agent")
        #expect(try self.settings("IdentityAgent $SOCK\n", environment: ["SOCK": "/s"]).agentSocket == "/s")
    }

    @Test("A variable or an account that is not there is an error with its place, as for ssh")
    func whatIsNotThere() throws {
        for (line, word) in [("IdentityFile ${NO_SUCH}/x", "NO_SUCH"), ("IdentityFile ~nobody-here/x", "nobody-here")] {
            let error = #expect(throws: TransportError.self) { _ = try settings(line) }
            #expect(error?.code == .configuration)
            #expect(error?.message.hasPrefix("\(folder.path(of: "config")):1: ") == true)
            #expect(error?.message.contains(word) == true)
        }
    }

    @Test("ProxyCommand is the rest of its line as it stands, tokens apart, for the user's shell")
    func proxyCommand() throws {
        let line = #"ProxyCommand sh -c "printf '[%%s]' 'two three' '%h'" # %p  "#
        let command = try settings(line + "\n", environment: ["SHELL": "/bin/zsh"]).proxyCommand
        #expect(command?.text == #"sh -c "printf '[%s]' 'two three' 'web01'" # 22"#)
        #expect(command?.shell == "/bin/zsh")
        #expect(try settings("ProxyCommand=nc %h %p\n").proxyCommand?.text == "nc web01 22")
        #expect(try settings("ProxyCommand None\n").proxyCommand == nil)
        #expect(try settings("ProxyJump %r@gate-%h # why\n").proxyJump == "me@gate-web01")
    }

    @Test("A host's patterns are matched as it was typed, and its name is connected to in lower case")
    func asTyped() throws {
        let text = "Host WEB01\nPort 7\nHost web01\nPort 8\n"
        #expect(try settings(text, host: "WEB01").port == 7)
        #expect(try settings(text, host: "web01").port == 8)
        #expect(try settings(text, host: "WEB01").hostName == "web01")
        // Where no line names it as typed, the one in lower case is meant.
        let lower = "Host *\nCompression yes\nHost web0?\nPort 9\nHost !web01 w*\nUser no\n"
        let shouted = try settings(lower, host: "WEB01")
        #expect(shouted.port == 9 && shouted.compression && shouted.user == "me")
        #expect(try settings("Host *\nPort 9\n", host: "WEB01").port == 9)
        #expect(try settings(text, host: "Web01").port == 8)
    }

    @Test(
        "A block that cannot be read is about no host",
        arguments: ["Host", "Host \"web01", "Match", "Match host", "Match nonsense", "Match !host"]
    )
    func unreadableBlocks(opening: String) throws {
        let text = "Host web01\nUser a\n\(opening)\nPort 9\nHost *\nCompression yes\n"
        let settings = try settings(text)
        #expect(settings.port == 22 && settings.user == "a" && settings.compression)
        #expect(try warnings(text).count == 1)
    }

    @Test("`Match final` is a second reading, in which what is set already stays")
    func matchFinal() throws {
        let text =
            "Match final all\nPort 7\nUser late\nMatch final host there\nCompression yes\nHost web01\nPort 8\nHostName there\n"
        let settings = try settings(text)
        #expect(settings.port == 8 && settings.user == "late" && settings.compression)
        #expect(try warnings(text) == [])
    }

    @Test("A test that psrun does not ask is said where nothing else settles the matter")
    func matchExec() throws {
        let text = "Match host db* exec \"false\"\nPort 7\n"
        #expect(try warnings(text) == [])
        #expect(try warnings(text, host: "db01") == ["F:1: `Match exec` is not supported: the block is left out."])
        #expect(try settings(text, host: "db01").port == 22)
        #expect(try warnings("Match tagged x\nPort 1\n").count == 1)
    }

    @Test("A keyword that ssh does not know is said, unless IgnoreUnknown names it")
    func unknownKeywords() throws {
        #expect(try warnings("Prot 22\n") == ["F:1: ssh_config has no keyword prot: the line is ignored."])
        #expect(try warnings("IgnoreUnknown Pr*,Other\nProt 22\nOther x\nHost db\nMore y\n").count == 1)
        #expect(try warnings("UseRoaming no\nForwardAgent yes\nControlPath ~/%C\nUseKeychain yes\n") == [])
    }

    @Test("SetEnv and SendEnv become variables of the far process")
    func variables() throws {
        let text = "SetEnv A=1 \"B=two words\"\nSetEnv C=no\nSendEnv LANG LC_A* LC_T*\nSendEnv -LC_T* D\n"
        let environment = ["LANG": "C", "LC_ALL": "x", "LC_TIME": "y", "D": "d", "E": "e", "A": "other"]
        let variables = try settings(text, environment: environment).variables
        #expect(variables.map { "\($0.name)=\($0.value)" } == ["A=1", "B=two words", "D=d", "LANG=C", "LC_ALL=x"])
    }

    @Test("Algorithms are what of a list libssh knows; a list with nothing of that is an error with its place")
    func algorithms() throws {
        let chosen = try settings(
            "KexAlgorithms sntrup761x25519-sha512@openssh.com,curve25519-sha256\nPubkeyAcceptedKeyTypes +ssh-rsa\n"
        )
        #expect(chosen.kexAlgorithms == "curve25519-sha256")
        #expect(chosen.publicKeyAlgorithms?.hasSuffix("rsa-sha2-256,ssh-rsa") == true)
        #expect(try settings("HostKeyAlgorithms ^ssh-rsa\n").hostKeyAlgorithms.first == "ssh-rsa")
        for keyword in ["KexAlgorithms", "Ciphers", "HostKeyAlgorithms", "PubkeyAcceptedAlgorithms"] {
            let error = #expect(throws: TransportError.self) { _ = try settings("\(keyword) none-that-is-known\n") }
            #expect(error?.code == .configuration)
            #expect(error?.message.contains(keyword) == true)
        }
        // The ciphers that need none of them are left.
        #expect(
            try settings("MACs umac-128-etm@openssh.com\n").ciphers
                == "chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com"
        )
    }

    @Test("A user's own ssh_config that others may write to is not used, and neither is what it includes")
    func writableFiles() throws {
        let guarded = SSHConfigFile.Reading(folder: folder.path, home: folder.path, isGuarded: true)
        let included = try folder.write("Port 7\n", to: "more.conf", mode: 0o600)
        let file = try folder.write("Include \(included)\nProxyCommand x\n", to: "config", mode: 0o600)
        #expect(SSHConfigFile(reading: file, guarded).refusal == nil)
        for (path, mode) in [(file, "666"), (file, "620"), (included, "602")] {
            for (each, bits) in [(file, "600"), (included, "600"), (path, mode)] {
                #expect(try run("chmod \(bits) \(each)") == 0)
            }
            let read = SSHConfigFile(reading: file, guarded)
            #expect(read.refusal?.contains("chmod go-w \(path)") == true, "\(mode)")
            #expect(SSHConfigFile(reading: file, .init(folder: folder.path, home: folder.path)).refusal == nil)
        }
    }

    private func run(_ command: String) throws -> Int32 {
        let program = try ChildProgram(["/bin/sh", "-c", command])
        guard case .exited(let code) = try program.wait(seconds: 10).ending else { return -1 }
        return code
    }
}
