import CLinux
import Glibc
import Processes

/// The terminal of an interactive replay: its keys unechoed and one by one, its own screen put aside, and all of it given
/// back as it was.
package final class PlayerTerminal {
    /// What happened at the terminal.
    package enum Happening {
        case keys([UInt8])
        case signal(Int32)
        /// Nobody is there any more.
        case closed
        /// The time is over.
        case nothing
    }

    private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH]
    private var own: termios
    private var isEntered = false

    /// nil where standard input and output are not both a terminal.
    package init?() {
        own = termios()
        guard isatty(STDOUT_FILENO) == 1, tcgetattr(STDIN_FILENO, &own) == 0 else { return nil }
    }

    deinit {
        leave()
    }

    package func enter() {
        guard !isEntered else { return }
        isEntered = true
        for number in Self.signals { SignalPipe.handle(number) }
        var raw = own
        cfmakeraw(&raw)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &raw)
        // The other screen, on which a row that is full breaks nothing.
        _ = write(Array("\u{1B}[?1049h\u{1B}[?7l".utf8))
    }

    package func leave() {
        guard isEntered else { return }
        isEntered = false
        _ = write(Array("\u{1B}[0m\u{1B}[?2026l\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l".utf8))
        tcsetattr(STDIN_FILENO, TCSADRAIN, &own)
    }

    /// Stops this process and its group, as Ctrl-Z does, until it is continued.
    package func suspend() {
        leave()
        SignalPipe.release(SIGTSTP)
        kill(0, SIGTSTP)
    }

    package var size: (columns: Int, rows: Int) {
        let columns = Int(psrun_terminal_columns(STDOUT_FILENO))
        let rows = Int(psrun_terminal_rows(STDOUT_FILENO))
        return (columns > 0 ? columns : 80, rows > 0 ? rows : 24)
    }

    /// - Returns: false where nobody reads it any more.
    package func write(_ bytes: [UInt8]) -> Bool {
        bytes.isEmpty || ThisProcess.write(bytes, to: STDOUT_FILENO)
    }

    /// Waits for a key or a signal.
    /// - Parameter nanoseconds: no longer than this; nil for ever.
    package func wait(_ nanoseconds: UInt64?) -> Happening {
        var sources = [
            pollfd(fd: SignalPipe.reading, events: Int16(POLLIN), revents: 0),
            pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
        ]
        let milliseconds = nanoseconds.map { Int32(min($0 / 1_000_000 + 1, 60_000)) } ?? -1
        guard poll(&sources, 2, milliseconds) > 0 else { return .nothing }
        if sources[0].revents != 0 {
            var number: UInt8 = 0
            return read(SignalPipe.reading, &number, 1) == 1 ? .signal(Int32(number)) : .nothing
        }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = read(STDIN_FILENO, &bytes, bytes.count)
        if count < 0 && (errno == EINTR || errno == EAGAIN) { return .nothing }
        return count > 0 ? .keys(Array(bytes[..<count])) : .closed
    }
}
