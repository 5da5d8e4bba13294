import CShellGuard
import Files
import Glibc
import Processes
import SystemErrors

/// The shell of a session, as a process: its pipes, its guard, and the files that it reads.
final class ShellProcess {
    let output: FileDescriptor
    let errors: FileDescriptor
    /// Where the shell says that a line began or ended.
    let control: FileDescriptor
    /// Keeps the control pipe from ending while no shell has it open.
    private let controlWriting: FileDescriptor
    /// Where the guard says who the shell is and how it ended.
    let reports: FileDescriptor
    /// What a line may read as its standard input: the reading end keeps the pipe, the writing end is opened for a line
    /// that has input.
    private let input: FileDescriptor
    private var commands: FileDescriptor?
    private let line: FileDescriptor
    private let status: FileDescriptor
    /// How the shell opens the files and pipes above: by their names in /proc/PID/fd of a process that holds them, so that
    /// it inherits none of them, nor does what it starts.
    let script: ShellScript
    private var lifeline: FileDescriptor?
    private let guardian: pid_t
    /// The shell's process, which leads its own session.
    let identifier: pid_t

    /// - Throws: `EndpointError`
    init(_ program: ShellProgram, folder: String, environment: [String]) throws(EndpointError) {
        let commandPipe = try FileDescriptor.pipe()
        let outputPipe = try FileDescriptor.pipe()
        let errorPipe = try FileDescriptor.pipe()
        let controlPipe = try FileDescriptor.pipe()
        let reportPipe = try FileDescriptor.pipe()
        let lifelinePipe = try FileDescriptor.pipe()
        let inputPipe = try FileDescriptor.pipe()
        line = try FileDescriptor.memoryFile()
        status = try FileDescriptor.memoryFile()
        let inherited: [(FileDescriptor, Int32)] = [
            (commandPipe.reading, STDIN_FILENO), (outputPipe.writing, STDOUT_FILENO),
            (errorPipe.writing, STDERR_FILENO),
        ]
        let held = [line.raw, controlPipe.reading.raw, status.raw, inputPipe.reading.raw]
        guardian = Self.spawn(
            program.guardProgram,
            program.path,
            program.servingArguments,
            environment,
            folder,
            inherited,
            waiting: program.waitingArguments,
            held: held,
            lifeline: lifelinePipe.reading,
            report: reportPipe.writing
        )
        guard guardian > 0 else { throw EndpointError.system("start \(program.path)") }
        (output, errors, control, reports) = (
            outputPipe.reading, errorPipe.reading, controlPipe.reading, reportPipe.reading
        )
        (commands, input, lifeline) = (commandPipe.writing, inputPipe.reading, lifelinePipe.writing)
        controlWriting = controlPipe.writing
        // A guard that cannot start the shell ends without a report: nobody else may keep the pipe from ending then.
        Glibc.close(reportPipe.writing.release())
        for descriptor in [output, errors, control, input] { descriptor.setNonBlocking() }
        let report = Self.report(from: reports)
        identifier = report?.process ?? 0
        script = ShellScript(
            descriptorFolder: "/proc/\(report?.holder ?? 0)/fd",
            line: held[0],
            control: held[1],
            status: held[2],
            input: held[3]
        )
        guard identifier > 0 else {
            let reason = report.map { ": " + describe(errno: $0.code) } ?? ""
            throw EndpointError("psrun endpoint could not start \(program.path)\(reason).")
        }
    }

    deinit {
        end()
    }

    /// Ends the shell and every process of its session.
    func end() {
        guard lifeline != nil else { return }
        lifeline = nil
        guard guardian > 0 else { return }
        // Where something has killed the guard, the shell has died with it, and nobody else ends what it left.
        if waitForEnd(of: guardian) != .exited(0) { guard_end_session(identifier) }
    }

    func setLine(_ text: String) { line.setContent(Array(text.utf8)) }
    func setStatus(_ text: String) { status.setContent(Array(text.utf8)) }

    /// Hands commands to the shell: short ones, of which few are ever unread.
    func command(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty, let count = commands?.write(rest) { rest = rest.dropFirst(count) }
    }

    /// Ends the shell's own input: an idle shell exits then.
    func endCommands() { commands = nil }

    /// The writing end of a line's standard input. What an earlier line left unread is thrown away.
    /// - Throws: `EndpointError`
    func openInput() throws(EndpointError) -> FileDescriptor {
        while let left = input.read(limit: 1 << 16), !left.isEmpty {}
        return try input.reopened(O_WRONLY | O_NONBLOCK)
    }

    /// Sends SIGINT to the shell and to what runs in the foreground, which share a process group.
    func interrupt() { Glibc.kill(-identifier, SIGINT) }

    /// Sends a signal to the session's processes that began at `since` (boot ticks) or later, the shell aside.
    func signal(_ number: Int32, since: UInt64) {
        _ = guard_signal_session(identifier, number, identifier, since)
    }

    /// Kills the shell.
    func kill() { Glibc.kill(identifier, SIGKILL) }

    /// The folder that the shell is in.
    var workingDirectory: String? { Self.target(ofLink: "/proc/\(identifier)/cwd") }

    /// How the shell ended, once `reports` can be read; nil when the guard itself is gone.
    func readEnd() -> ShellEnd? {
        guard let report = Self.report(from: reports) else {
            end()
            return nil
        }
        return report.code == CLD_EXITED ? .exited(report.status) : .killed(signal: report.status)
    }

    static func target(ofLink path: String) -> String? {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &bytes, bytes.count)
        return count < 0 ? nil : String(decoding: bytes[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func report(from descriptor: FileDescriptor) -> guard_report? {
        let size = MemoryLayout<guard_report>.size
        guard let bytes = descriptor.read(limit: size), bytes.count == size else { return nil }
        return bytes.withUnsafeBytes { $0.loadUnaligned(as: guard_report.self) }
    }

    private static func spawn(
        _ guardProgram: String?,
        _ path: String,
        _ arguments: [String],
        _ environment: [String],
        _ folder: String,
        _ inherited: [(FileDescriptor, Int32)],
        waiting: [String],
        held: [Int32],
        lifeline: FileDescriptor,
        report: FileDescriptor
    ) -> pid_t {
        withExtendedLifetime((inherited, lifeline, report)) {
            withCStrings(arguments) { arguments in
                withCStrings(environment) { environment in
                    withCStrings(waiting) { waiting in
                        guard_spawn(
                            guardProgram,
                            path,
                            arguments,
                            environment,
                            folder,
                            inherited.map { $0.0.raw },
                            inherited.map { $0.1 },
                            Int32(inherited.count),
                            waiting,
                            held,
                            Int32(held.count),
                            lifeline.raw,
                            report.raw
                        )
                    }
                }
            }
        }
    }
}
