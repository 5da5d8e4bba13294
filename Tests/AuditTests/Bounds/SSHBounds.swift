import Connections
import Files
import Glibc
import PSRunTestSupport
import Synchronization
import Testing

@testable import SSHTransport

/// The bounds of a connection over SSH.
enum SSHBounds {
    static let cases: [String: BoundCase] = [
        "what a host prints that is asked whether it has PowerShell": BoundCase(
            limit: "\(PowerShellQuestion.longestAnswer >> 10) KiB"
        ) {
            func hasAnswered(_ count: Int) async throws -> Bool {
                try await PowerShellQuestion().isAnsweredNo(by: TalkativeHost(bytes: count))
            }
            guard try await hasAnswered(PowerShellQuestion.longestAnswer) else { return "" }
            guard try await !hasAnswered(PowerShellQuestion.longestAnswer + 1) else { return "" }
            return "`\(SSHService.subsystem("powershell").refusal(by: "a").code.rawValue)`"
        },
        "ssh_config with all that it includes, in files": BoundCase(limit: "\(SSHConfigFile.mostFiles)") {
            try including { folder in
                for number in 1..<SSHConfigFile.mostFiles { try folder.write("", to: "parts/\(number)") }
                return "Include \(folder.path)/parts/*\n"
            } oneMore: { folder in
                try folder.write("", to: "parts/more")
            }
        },
        "ssh_config with all that it includes, in bytes": BoundCase(limit: "\(FileContents.textBytes >> 20) MiB") {
            try including { folder in
                let text = "Include \(folder.path)/parts/*\n"
                let part = [UInt8](repeating: 0x23, count: (FileContents.textBytes - text.utf8.count) / 4)
                let rest = (FileContents.textBytes - text.utf8.count) % 4
                for number in 0..<4 {
                    try folder.write(part + (number == 0 ? part.prefix(rest) : []), to: "parts/\(number)")
                }
                return text
            } oneMore: { folder in
                try folder.write("#", to: "parts/more")
            }
        },
        "names in folders that patterns of Include look at": BoundCase(limit: "\(IncludePattern.mostNames)") {
            try including { folder in
                // A thousand names with `.` and `..`, looked at a hundred times.
                for number in 1...998 { try folder.write("", to: "parts/\(number)") }
                let pattern = "\(folder.path)/parts/x*"
                return
                    "Include \(Array(repeating: pattern, count: IncludePattern.mostNames / 1000).joined(separator: " "))\n"
            } oneMore: { folder in
                try folder.write("", to: "parts/more")
            }
        },
        "files within files of ssh_config": BoundCase(limit: "\(SSHConfigFile.deepest)") {
            #expect(try problems(ofDepth: SSHConfigFile.deepest).isEmpty)
            let told = try problems(ofDepth: SSHConfigFile.deepest + 1)
            return told.count == 1 && told[0].contains("too deeply") ? "it is said, and the line ignored" : "\(told)"
        },
        "a time in ssh_config": BoundCase(limit: "\(SSHConfigValueReader.mostSeconds) s") {
            func read(_ seconds: Int64) throws {
                _ = try SSHConfigValueReader(values: values("ConnectTimeout \(seconds)")).seconds("connecttimeout")
            }
            try read(SSHConfigValueReader.mostSeconds)
            return code { try read(SSHConfigValueReader.mostSeconds + 1) }
        },
        "variables that SetEnv and SendEnv choose": BoundCase(limit: "\(SSHVariables.most)") {
            func chosen(_ count: Int) throws -> (count: Int, told: [String]) {
                let line = "SetEnv " + (1...count).map { "N\($0)=x" }.joined(separator: " ")
                var told: [String] = []
                let sent = SSHVariables.chosen(by: try values(line), from: [:]) { told.append($0) }
                return (sent.count, told)
            }
            #expect(try chosen(SSHVariables.most).told.isEmpty)
            let (count, told) = try chosen(SSHVariables.most + 1)
            return count == SSHVariables.most && told.count == 1 ? "it is said, and the rest left out" : "\(told)"
        },
        "a private key's file": BoundCase(limit: "\(KeyFile.keyBytes >> 20) MiB") {
            let folder = try TemporaryFolder()
            let path = try folder.write("", to: "key", mode: 0o600)
            func reason(_ bytes: Int) -> (code: String, message: String) {
                truncate(path, off_t(bytes))
                let loaded = Result { try KeyFile.load(path, passphrase: nil) }
                guard case .failure(let error as TransportError) = loaded else { return ("", "") }
                return ("`\(error.code.rawValue)`", error.message)
            }
            #expect(!reason(KeyFile.keyBytes).message.contains("more than"))
            let (code, message) = reason(KeyFile.keyBytes + 1)
            return message.contains("more than 1 MiB") ? code : message
        },
        "a message of an agent": BoundCase(limit: "\(AgentBridge.longestMessage >> 10) KiB") {
            #expect(try await keys(ofAgentSaying: AgentBridge.longestMessage) == 1)
            return try await keys(ofAgentSaying: AgentBridge.longestMessage + 1) == 0 ? "the agent is left alone" : ""
        },
        "an agent that is asked for its keys before a run": BoundCase(limit: "\(AgentKeys.patience / 1000) s") {
            let began = ContinuousClock.now
            let count = try await keys(ofAgentSaying: 0)
            let took = ContinuousClock.now - began
            #expect(took >= .milliseconds(AgentKeys.patience), "\(took)")
            return count == 0 ? "the agent is left alone" : ""
        },
        "what a server says before keys are exchanged": BoundCase(limit: "\(ServerGreeting.limit >> 10) KiB") {
            var greeting = ServerGreeting()
            greeting.take([UInt8](repeating: 0x78, count: ServerGreeting.limit), from: 0)
            #expect(greeting.bytes.count == ServerGreeting.limit)
            greeting.take([0x79], from: ServerGreeting.limit)
            return greeting.bytes.last == 0x78 ? "the rest is not looked at" : ""
        },
        "a login banner": BoundCase(limit: "\(ConnectionTimeline.longestBanner) characters") {
            func told(_ count: Int) -> String? {
                let timeline = ConnectionTimeline()
                timeline.heard(String(repeating: "x", count: count))
                return timeline.takeBanner()
            }
            #expect(told(ConnectionTimeline.longestBanner)?.contains("psrun") == false)
            let cut = told(ConnectionTimeline.longestBanner + 1)
            return cut?.contains("the rest of it is left out") == true ? "it is cut, and says so" : ""
        },
        "partial successes of one login": BoundCase(limit: "\(AuthenticationHistory.mostPartialSuccesses)") {
            try await login(.greedy, asks: "password of op", AuthenticationHistory.mostPartialSuccesses + 1)
        },
        "passwords for one login": BoundCase(limit: "\(SSHSettings.standardPasswordPrompts)") {
            try await login(.password, asks: "password of op", SSHSettings.standardPasswordPrompts)
        },
        "rounds of one keyboard-interactive conversation": BoundCase(limit: "\(Authenticator.mostRounds)") {
            try await login(.endless, asks: "challenge of op", Authenticator.mostRounds)
        },
        "connections that a server turned away with a word": BoundCase(limit: "\(LoginTurn.mostTold)") {
            attempts(LoginTurn.mostTold, turnedAway: .tooMany)
        },
        "connections that a server turned away without one": BoundCase(limit: "\(LoginTurn.mostSilent)") {
            attempts(LoginTurn.mostSilent, turnedAway: .silently)
        },
    ]

    private static func code(_ body: () throws -> Void) -> String {
        do { try body() } catch { return "`\((error as? TransportError)?.code.rawValue ?? "\(error)")`" }
        return ""
    }

    // MARK: ssh_config

    private static func values(_ line: String) throws -> SSHConfigValues {
        let line = try #require(try SSHConfigLine(line, place: "here"))
        let query = SSHConfiguration.Query(host: "web01", user: nil, port: nil, localUser: "me")
        return SSHConfiguration(options: [line], files: []).values(for: query)
    }

    /// Reads a configuration that includes as much as it may, and then with one thing more.
    private static func including(
        _ make: (TemporaryFolder) throws -> String,
        oneMore: (TemporaryFolder) throws -> Void
    ) throws -> String {
        let folder = try TemporaryFolder()
        try folder.makeFolder("parts")
        let options = SSHOptions(configurationFile: try folder.write(try make(folder), to: "config"))
        let facts = SSHEnvironment.Facts(home: folder.path, user: "me")
        func read() throws { _ = try SSHEnvironment.readConfiguration(options, facts) { Issue.record("\($0)") } }
        try read()
        try oneMore(folder)
        return code { try read() }
    }

    /// What is said of a file that leads to so many others, each in the one before it.
    private static func problems(ofDepth depth: Int) throws -> [String] {
        let folder = try TemporaryFolder()
        for number in 0..<depth { try folder.write("Include \(folder.path)/f\(number + 1)\n", to: "f\(number)") }
        try folder.write("Port 22\n", to: "f\(depth)")
        return SSHConfigFile(reading: folder.path(of: "f0"), .init(folder: folder.path, home: folder.path)).problems
    }

    // MARK: An agent

    /// How many keys are found at an agent that answers with a message of so many bytes; with none for 0.
    private static func keys(ofAgentSaying bytes: Int) async throws -> Int {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "agent")
        let script = """
            import socket, struct, sys
            s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1] + ".new"); s.listen(5)
            import os; os.rename(sys.argv[1] + ".new", sys.argv[1])
            c, _ = s.accept(); c.recv(5); n = int(sys.argv[2])
            key = bytes(max(0, n - 13))
            if n: c.sendall(struct.pack(">IBII", n, 12, 1, len(key)) + key + struct.pack(">I", 0))
            c.recv(1)
            """
        let agent = try ChildProgram(["/usr/bin/python3", "-c", script, path, "\(bytes)"])
        defer {
            agent.signal(SIGKILL)
            _ = try? agent.wait(seconds: 5)
        }
        for _ in 0..<1000 where access(path, F_OK) != 0 { try await Task.sleep(for: .milliseconds(5)) }
        return AgentKeys.list(socket: path).count
    }

    // MARK: A login

    private enum Mode: String {
        case password, greedy, endless
    }

    /// Logs in where that never comes to an end.
    /// - Parameters:
    ///   - line: what the server writes for each time that counts.
    ///   - count: how often it should have written that.
    private static func login(_ mode: Mode, asks line: String, _ count: Int) async throws -> String {
        let folder = try TemporaryFolder()
        let (key, file) = (folder.path(of: "host_key"), folder.path(of: "port"))
        let made = try await ChildProgram.run(["/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key])
        #expect(made.ending == .exited(0), "\(made)")
        let server = try ChildProgram(Peers.command("password_server.py", [file, key, mode.rawValue]))
        defer {
            server.signal(SIGKILL)
            _ = try? server.wait(seconds: 5)
        }
        for _ in 0..<2000 where access(file, F_OK) != 0 { try await Task.sleep(for: .milliseconds(10)) }
        let port = try #require(UInt16(try text(of: file)))
        var options = SSHOptions(service: .subsystem("x"), configurationFile: "none", hostKeyCheck: .no)
        // A wrong one each time, except where it is taken and never enough.
        options.credentials = CredentialSource { request in
            Secret(mode == .greedy ? "hunter2" : "wrong \(request.refusals)")
        }
        options.options = ["UserKnownHostsFile=none", "GlobalKnownHostsFile=none"]
        let facts = SSHEnvironment.Facts(home: folder.path, user: "op")
        let environment = SSHEnvironment(options: options, facts: facts) { _ in }
        let target = SSHTarget(host: "127.0.0.1", port: port, user: "op")
        let transport = SSHSessionTransport(target: target, environment: environment, loop: try TestLoops.next())
        var said = ""
        do {
            try await transport.withConnection(timeline: ConnectionTimeline(), deadline: nil) { _ in }
        } catch let error as TransportError {
            said = "`\(error.code.rawValue)`"
        }
        #expect(try server.errorsSoFar().split(separator: "\n").count { $0.hasPrefix(line) } == count)
        return said
    }

    private static func attempts(_ most: Int, turnedAway: TransportError.TurnedAway) -> String {
        var error = TransportError(.protocolError, phase: .banner, "turned away")
        error.turnedAway = turnedAway
        #expect(LoginTurn.isWorthAnother(error, attempts: most - 1))
        return LoginTurn.isWorthAnother(error, attempts: most) ? "" : "`\(error.code.rawValue)`"
    }
}

/// A host without PowerShell that says so, and prints so much in all.
private struct TalkativeHost: CommandConnection {
    let bytes: Int

    func start(_ line: String) async throws -> any TransportConnection {
        let word = line.split(separator: " ").last { $0.hasSuffix(":no'") }.map { "\n\($0.dropLast())\n" } ?? ""
        return Answer(text: String(repeating: "x", count: bytes - word.utf8.count) + word)
    }

    func isReady() async {}

    private final class Answer: TransportConnection {
        private let inputs: Mutex<[TransportInput]>

        init(text: String) {
            inputs = Mutex([.output(Array(text.utf8)), .end(.code(0))])
        }

        func receive() async throws -> TransportInput { inputs.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] } }

        func send(_ bytes: [UInt8]) async throws {}
    }
}
