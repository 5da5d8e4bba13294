import Files
import Glibc
import PSRunTestSupport
import Testing

/// What may happen to kept sessions, and what is said of it.
struct KeptSessionFaultTests {
    private func opened() async throws -> KeptPlace {
        let kept = try KeptPlace()
        let outcome = try await kept.psrun("session", "open", "web")
        try #require(outcome.ending == .exited(0), "\(outcome)")
        return kept
    }

    @Test("A session that is closed in the middle of a line says that to whoever is in it, and to whoever waits")
    func closed() async throws {
        let kept = try await opened()
        let visitor = try kept.start("-c", "sleep 30", "-Name", "web", "--format", "json")
        try await kept.until { try await kept.sessions().first?.visitorPid != nil }
        let waiting = try kept.start("-c", "echo in", "-Name", "web", "--format", "json")
        // It has connected once it has the session's socket beside the broker's.
        try await Task.sleep(for: .seconds(1))
        #expect(try await kept.psrun("session", "close", "web").ending == .exited(0))
        let told = try await visitor.outcome(within: 20).onlyTarget()
        #expect(told.steps.map(\.outcome) == ["unknown"], "\(told)")
        #expect(
            told.error?.message.contains("the kept session web was closed by `psrun session close`") == true,
            "\(told)"
        )
        #expect(told.error?.message.contains("was running, so that it may have run") == true, "\(told)")
        let other = try await waiting.outcome(within: 20).onlyTarget()
        #expect(other.outcome == "unreachable" && other.linesNotSent == 1, "\(other)")
        #expect(other.error?.message.contains("the kept session web was closed by") == true, "\(other)")
        #expect(other.error?.message.contains("`psrun session open` opens it anew") == true, "\(other)")
    }

    @Test("A visit to a broker that was stopped says so, with its process and the way out")
    func stoppedBroker() async throws {
        let kept = try await opened()
        let broker = try #require(kept.brokers().first)
        kill(broker, SIGSTOP)
        defer { kill(broker, SIGCONT) }
        let visit = try await kept.run("echo in", in: ["-Name", "web", "-ConnectingTimeout", "700"])
        #expect(visit.outcome == "unreachable" && visit.phase == "session", "\(visit)")
        let message = try #require(visit.error?.message)
        #expect(visit.error?.code == "ConnectingTimeout", "\(visit)")
        #expect(message.contains("asking the broker of kept sessions: it is process \(broker)"), "\(message)")
        #expect(message.contains("`kill -CONT \(broker)`") && !message.contains("somebody else"), "\(message)")
        kill(broker, SIGCONT)
        #expect(try await kept.run("echo in", in: ["-Name", "web"]).outcome == "ok")
    }

    @Test("A session whose carrier was stopped lets nobody in, under ConnectingTimeout, and says why")
    func stoppedCarrier() async throws {
        let kept = try await opened()
        let carrier = try #require(kept.carriers().first)
        kill(carrier, SIGSTOP)
        defer { kill(carrier, SIGCONT) }
        try await kept.until { try await kept.sessions().first?.reason?.contains("process \(carrier)") == true }
        #expect(try await kept.sessions().first?.state == "busy")
        let visit = try await kept.run("echo in", in: ["-Name", "web", "-ConnectingTimeout", "700"])
        #expect(visit.phase == "session" && visit.error?.code == "ConnectingTimeout", "\(visit)")
        #expect(visit.error?.message.contains("`kill -CONT \(carrier)` lets it go on") == true, "\(visit)")
        let waiting = try kept.start("-c", "echo in", "-Name", "web")
        try await Task.sleep(for: .milliseconds(500))
        kill(carrier, SIGCONT)
        #expect(try await waiting.outcome(within: 20).ending == .exited(0))
    }

    @Test("A signal to open, list or close ends it with a word, and with 128 and its number")
    func signals() async throws {
        let kept = try await opened()
        let broker = try #require(kept.brokers().first)
        kill(broker, SIGSTOP)
        defer { kill(broker, SIGCONT) }
        for (words, signal, said) in [
            (["open", "two"], SIGINT, "the session was not opened"),
            (["list"], SIGTERM, "the broker was not waited for"),
            (["close", "--all"], SIGINT, "`psrun session list` tells what is open"),
        ] {
            let program = try kept.place.start(["session"] + words, environment: kept.environment)
            // It has its handlers before it speaks to the broker.
            try await Task.sleep(for: .seconds(1))
            program.signal(signal)
            let outcome = try await program.outcome(within: 20)
            #expect(outcome.ending == .exited(128 + signal), "\(words): \(outcome)")
            #expect(outcome.errors.contains("psrun: interrupted: ") && outcome.errors.contains(said), "\(outcome)")
            #expect(outcome.output.isEmpty, "\(outcome)")
        }
        kill(broker, SIGCONT)
        try await kept.until { try await kept.sessions().allSatisfy { $0.name == "web" } }
    }

    @Test("Two things asked at once, half a request and a wrong one are refused, and none of them is begun")
    func control() async throws {
        let kept = try await opened()
        for (text, said) in [
            ("list\nlist\n", "One connection asks one thing."),
            ("close\tall\nlist\n", "One connection asks one thing."),
            ("close\tall\nnothing\n", "not a request"), ("close\tname\tw\\eb\n", "not a request"),
            ("close\tid\t-1\n", "not a request"),
        ] {
            let answer = try ask(text, at: kept)
            #expect(answer.hasPrefix("failed\t2\t") && answer.contains(said), "\(text): \(answer)")
        }
        #expect(try await kept.sessions().map(\.name) == ["web"])
    }

    @Test("A folder of the opener's that cannot be entered is named")
    func folder() async throws {
        let kept = try await opened()
        let folder = kept.place.folder.path(of: "nowhere")
        let environment = kept.environment.map { "variable\t\($0.key)=\($0.value)\n" }.joined()
        let words = ["session", "open", "two"].map { "word\t\($0)\n" }.joined()
        let answer = try ask("\(words)\(environment)open\ttwo\t\(folder)\tnobody\n", at: kept)
        #expect(
            answer.contains("failed\t1\t\(folder), from which the session is opened, cannot be entered: "),
            "\(answer)"
        )
        #expect(try await kept.sessions().map(\.name) == ["web"])
    }

    @Test("Words that what carries a session does not know, as of a newer psrun, are answered with the reason")
    func unknownWords() async throws {
        let kept = try await opened()
        for (words, said) in [
            (["session", "open", "two", "--newer", "x"], "psrun has no option --newer"),
            (["session", "open", "two", "--process", "0"], "--process does not take '0'"),
            (["session", "list"], "opened by the words of psrun session open"),
            (["--version"], "opened by the words of psrun session open"),
        ] {
            let lines = words.map { "word\t\($0)\n" }.joined()
            let environment = kept.environment.map { "variable\t\($0.key)=\($0.value)\n" }.joined()
            let answer = try ask("\(lines)\(environment)open\ttwo\t/\tnobody\n", at: kept)
            #expect(answer.hasPrefix("taken\nfailed\t2\t") && answer.contains(said), "\(words): \(answer)")
        }
        #expect(try await kept.sessions().map(\.name) == ["web"])
    }

    @Test("Where the working folder was removed, neither a kept session nor a run begins in another one")
    func removedFolder() async throws {
        let kept = try KeptPlace()
        let folder = try kept.place.folder.makeFolder("gone")
        for words in [["session", "open", "web"], ["-c", "pwd"], ["-c", "pwd", "--dry-run"]] {
            let script = "mkdir -p '\(folder)' && cd '\(folder)' && rmdir '\(folder)' && exec \"$0\" \"$@\""
            let outcome = try await ChildProgram.run(
                ["/bin/sh", "-c", script, BuiltProgram.path] + words,
                environment: kept.place.environment(adding: kept.environment)
            )
            #expect(outcome.ending == .exited(2) && outcome.output.isEmpty, "\(words): \(outcome)")
            #expect(outcome.errors.contains("The working folder is not there any more; call psrun from another."))
        }
        #expect(kept.brokers().isEmpty)
    }

    /// What the broker answers to a text that is written at once.
    private func ask(_ text: String, at kept: KeptPlace) throws -> String {
        let descriptor = FileDescriptor(owning: socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0))
        let address = try #require(UnixAddress("\(kept.folder)/broker"))
        try #require(address.withPointer { connect(descriptor.raw, $0, $1) } == 0)
        let bytes = Array(text.utf8)
        try #require(write(descriptor.raw, bytes, bytes.count) == bytes.count)
        var (answer, wait) = ([UInt8](), pollfd(fd: descriptor.raw, events: Int16(POLLIN), revents: 0))
        while true {
            try #require(poll(&wait, 1, 20_000) > 0, "the broker does not answer")
            var buffer = [UInt8](repeating: 0, count: 4_096)
            let count = read(descriptor.raw, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: answer, as: UTF8.self) }
            answer += buffer.prefix(count)
        }
    }
}
