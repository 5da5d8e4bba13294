import Files
import Glibc
import Processes
package import Sessions
import Synchronization
import Threads

/// The person at the terminal: asked one thing at a time, by whoever asks first.
package final class PersonAtTerminal: Sendable {
    private let descriptor: Int32
    /// The terminal's own settings while it has others.
    private let saved = Mutex<termios?>(nil)
    private let turn = Turn()

    /// nil where there is no terminal.
    package init?() {
        descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { return nil }
    }

    deinit {
        restore()
        close(descriptor)
    }

    /// Writes `text` and takes what is typed.
    /// - Parameters:
    ///   - isOver: asked several times a second; true ends the question without an answer.
    ///   - isBuried: asked as often; true has the question written again, on a line of its own.
    package func ask(
        _ text: String,
        _ kind: Question.Kind,
        isOver: @escaping @Sendable () -> Bool,
        isBuried: @escaping @Sendable () -> Bool = { false }
    ) async -> String? {
        await turn.take()
        let answer = await withCheckedContinuation { continuation in
            let isStarted = startThread(named: "psrun-prompt") { [self] in
                continuation.resume(returning: read(text, kind, isOver: isOver, isBuried: isBuried))
            }
            if !isStarted { continuation.resume(returning: nil) }
        }
        await turn.leave()
        return answer
    }

    /// Gives the terminal its own settings back; half of a secret is not left for who reads from it next.
    package func restore() { restore(discardsTyped: true) }

    private func restore(discardsTyped: Bool) {
        saved.withLock { saved in
            guard var settings = saved else { return }
            if discardsTyped { tcflush(descriptor, TCIFLUSH) }
            tcsetattr(descriptor, TCSANOW, &settings)
            saved = nil
        }
    }

    private func read(
        _ text: String,
        _ kind: Question.Kind,
        isOver: () -> Bool,
        isBuried: () -> Bool
    ) -> String? {
        // First: what is typed at the sight of the question is not shown.
        if kind != .line { silence(linewise: kind == .secret) }
        var isAnswered = false
        defer { restore(discardsTyped: !isAnswered) }
        write(text)
        // The line end that was typed is not shown either.
        defer { if kind == .secret, !text.isEmpty { write("\n") } }
        var typed: [UInt8] = []
        typed.reserveCapacity(1 << 12)
        defer { FileContents.wipe(&typed) }
        while !isOver() {
            var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if !text.isEmpty, isBuried() { write("\n" + text.drop { $0 == "\n" }) }
            guard Glibc.poll(&poll, 1, 100) > 0 else { continue }
            var byte: UInt8 = 0
            guard Glibc.read(descriptor, &byte, 1) == 1 else { return nil }
            isAnswered = kind == .key || byte == UInt8(ascii: "\n")
            if kind == .key { return String(decoding: [byte], as: UTF8.self) }
            if isAnswered { return String(decoding: typed, as: UTF8.self) }
            typed.append(byte)
        }
        return nil
    }

    private func write(_ text: String) {
        _ = ThisProcess.write(text, to: descriptor)
    }

    private func silence(linewise: Bool) {
        var settings = termios()
        guard tcgetattr(descriptor, &settings) == 0 else { return }
        saved.withLock { $0 = settings }
        settings.c_lflag &= ~tcflag_t(ECHO)
        if !linewise { settings.c_lflag &= ~tcflag_t(ICANON) }
        tcsetattr(descriptor, TCSANOW, &settings)
    }
}
