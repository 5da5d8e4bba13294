import Testing

@testable import ShellDriver

/// The state machine by itself: a shell that a test speaks for.
@Suite("A driven shell's answers are told apart")
struct DrivenShellOrderTests {
    private static let nonce = "00000000000000000000000000000001"
    private var shell = DrivenShell(nonce: nonce)

    private static func mark(_ content: String) -> [UInt8] { Array("<\(nonce):\(content):\(nonce)>".utf8) }

    private mutating func free(_ number: Int, begun: Int, status: Int32 = 0, flags: String = "ims") {
        shell.receive(Self.mark("m:\(status):\(number):\(begun):\(flags):/") + [10], from: .output, at: 0)
        shell.receive(Self.mark("m:\(status):\(number):\(begun):\(flags):") + [10], from: .errors, at: 0)
    }

    private mutating func events() -> [DrivenShell.Event] {
        var events: [DrivenShell.Event] = []
        while let event = shell.nextEvent() { events.append(event) }
        return events
    }

    private mutating func written() -> String { String(decoding: shell.bytesForShell(), as: UTF8.self) }

    private mutating func greet(isGuarded: Bool = true) {
        shell.begin(at: 0)
        _ = written()
        shell.receive(Array("noise\n".utf8) + Self.mark("s:") + [10] + Array("banner\n".utf8), from: .output, at: 0)
        for (name, value) in [("pid", "77"), ("user", "op"), ("uid", "1000"), ("host", "h")] {
            shell.receive(Self.mark("f:\(name):\(value)") + [10], from: .output, at: 0)
        }
        free(1, begun: 0)
        guard isGuarded else { return }
        _ = shell.bytesForGuard()
        shell.receiveFromGuard(Array("rc noise\n\(Self.nonce) up 100.00 77\n".utf8), at: 0)
    }

    @Test("Start-up files' words come before the greeting, and the shell's own are dropped")
    mutating func greeting() {
        greet()
        let told = events()
        #expect(told.count == 3)
        #expect(told.first == .noise(Array("noise\n".utf8), .output))
        guard case .greeted(let greeting) = told[1] else { return #expect(Bool(false), "\(told)") }
        #expect(greeting.process == 77 && greeting.user == "op" && !greeting.isPrivileged)
        #expect(told[2] == .guarded)
    }

    @Test("A greeting that a start-up file swallowed is sent again")
    mutating func swallowed() {
        shell.begin(at: 0)
        let first = written()
        #expect(shell.deadline == 1_000)
        shell.tick(at: 1_000)
        #expect(written() == first)
        #expect(shell.deadline == 3_000)
    }

    @Test("A line ends when both streams have said so, and late marks end nothing")
    mutating func ends() {
        greet()
        _ = events()
        shell.run("echo a", lookingAt: nil, status: 0, at: 0)
        shell.receive(Array("a\n".utf8) + Self.mark("m:3:2:2:ims:/tmp") + [10], from: .output, at: 0)
        #expect(events() == [.output(Array("a\n".utf8), .output)])
        shell.receive(Self.mark("m:3:2:2:ims:") + [10], from: .errors, at: 0)
        #expect(events() == [.ended(status: 3)])
        #expect(shell.workingDirectory == "/tmp")
        shell.run("sleep 9", lookingAt: nil, status: 3, at: 0)
        free(2, begun: 2)
        #expect(events().isEmpty)
    }

    @Test("A line's own status counts, and not that of a question that was asked while it was silent")
    mutating func silent() {
        greet()
        _ = events()
        shell.run("sleep 2; (exit 7)", lookingAt: nil, status: 0, at: 0)
        _ = written()
        shell.tick(at: 1_500)
        #expect(written().hasPrefix("{ _psrun_r=$?") && shell.number == 3)
        let marks = [("m:7:2:2:ims:/tmp", "m:7:2:2:ims:"), ("m:0:3:2:ims:/tmp", "m:0:3:2:ims:")]
        for (output, _) in marks { shell.receive(Self.mark(output) + [10], from: .output, at: 2_000) }
        for (_, errors) in marks { shell.receive(Self.mark(errors) + [10], from: .errors, at: 2_000) }
        #expect(events() == [.ended(status: 7)])
        // A question alone is enough where the line took its own mark away.
        shell.run("cat", lookingAt: nil, status: 7, at: 3_000)
        shell.tick(at: 5_000)
        free(shell.number, begun: 4, status: 1)
        #expect(events() == [.ended(status: 1)])
    }

    @Test("What comes between two lines is the second one's")
    mutating func late() {
        greet()
        _ = events()
        shell.receive(Array("late\n".utf8), from: .errors, at: 0)
        #expect(events().isEmpty && shell.takesInput)
        shell.receive([UInt8](repeating: 65, count: 64 << 10), from: .output, at: 0)
        #expect(!shell.takesInput)
        shell.run("true", lookingAt: nil, status: 0, at: 0)
        #expect(shell.takesInput && events().first == .output(Array("late\n".utf8), .errors))
    }

    @Test("A line that an error unwound ends with the prompt's status, behind one more question")
    mutating func unwound() {
        greet()
        _ = events()
        shell.run("echo ${x?}", lookingAt: nil, status: 0, at: 0)
        _ = written()
        shell.receive(Self.mark("p:2:2"), from: .errors, at: 0)
        #expect(written().hasPrefix("{ _psrun_r=$?"))
        free(3, begun: 2)
        #expect(events() == [.ended(status: 2)])
    }

    @Test("A line that never began is sent again, three times at most")
    mutating func lost() {
        greet()
        _ = events()
        shell.run("echo once", lookingAt: nil, status: 0, at: 0)
        _ = written()
        for attempt in 1...3 {
            shell.tick(at: UInt64(attempt) * 10_000)
            #expect(written().hasPrefix("{ _psrun_r"))
            free(shell.number, begun: 1)
            let again = written()
            #expect(again.contains("echo once") == (attempt < 3))
        }
        #expect(events() == [.unusable("The shell does not begin what it is given.")])
    }

    @Test("Only an answer to a question behind the signal ends what was stopped")
    mutating func stopped() {
        greet()
        _ = events()
        shell.run("sleep 9", lookingAt: nil, status: 0, at: 0)
        _ = written()
        shell.stop(at: 100)
        #expect(shell.bytesForGuard() == Array("g INT\n".utf8))
        free(2, begun: 2)
        #expect(events().isEmpty)
        shell.receiveFromGuard(Array("\(Self.nonce) g 0\n".utf8), at: 110)
        #expect(written().contains(":m:$_psrun_r:3:"))
        shell.receive(Self.mark("p:130:2"), from: .errors, at: 0)
        free(3, begun: 2, status: 130)
        #expect(events() == [.ended(status: 130)])
    }

    @Test("What was to be stopped ends by itself where there is no guard, or not any more", arguments: [true, false])
    mutating func unguarded(isLate: Bool) {
        greet(isGuarded: isLate)
        _ = events()
        shell.run("sleep 1", lookingAt: nil, status: 0, at: 0)
        shell.stop(at: 100)
        if isLate { shell.guardEnded("it was killed", at: 200) }
        free(shell.number, begun: 2, status: 5)
        #expect(events().last == .ended(status: 5))
    }

    @Test("What does not stop is pressed harder")
    mutating func pressed() {
        greet()
        _ = events()
        shell.run("deaf", lookingAt: nil, status: 0, at: 2_000)
        shell.stop(at: 3_000)
        _ = shell.bytesForGuard()
        var pressed: [String] = []
        for moment: UInt64 in [4_000, 5_000, 7_000] {
            #expect((shell.deadline ?? 0) <= moment)
            shell.tick(at: moment)
            pressed.append(String(decoding: shell.bytesForGuard(), as: UTF8.self))
        }
        // The line began two seconds behind the guard's clock of 100 s.
        #expect(pressed == ["k TERM 10200\ng INT\n", "k KILL 10200\ng INT\n", "x\ng INT\n"])
    }

    @Test("A text that is refused did not run, and says why")
    mutating func refused() {
        greet()
        _ = events()
        shell.run("if", lookingAt: "if", status: 0, at: 0)
        shell.receive(Self.mark("b:2") + [10] + Array("sh: unexpected\n".utf8), from: .output, at: 0)
        shell.receive(Self.mark("c:2:2") + [10], from: .output, at: 0)
        free(2, begun: 2, status: 2)
        #expect(events() == [.refused(message: "sh: unexpected\n")])
        shell.run("a\u{0}", lookingAt: nil, status: 0, at: 0)
        #expect(events() == [.refused(message: "A text with a zero byte cannot be sent to a shell.")])
    }

    @Test("A guard of a shell that leads no session is none")
    mutating func foreignSession() {
        greet(isGuarded: false)
        _ = events()
        shell.receiveFromGuard(Array("\(Self.nonce) up 100.00 12\n".utf8), at: 0)
        #expect(events() == [.unguarded("the shell there does not lead a session of its own")])
        #expect(!shell.isGuarded)
    }

    @Test("No byte of the command that starts it means anything to a login shell")
    func startCommand() {
        let inner = shell.startCommand.split(separator: "'", omittingEmptySubsequences: false)
        #expect(inner.count == 3)
        #expect(!shell.startCommand.contains { "!\\\n".contains($0) })
    }
}
