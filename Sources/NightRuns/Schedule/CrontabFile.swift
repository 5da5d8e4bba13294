import Files
import Glibc
import PSRunCommandLine
import Processes
import Schedules

/// The user's crontab, which only crontab(1) reads and writes.
enum CrontabFile {
    /// How long crontab(1) may take: it asks PAM who may.
    private static let patience = Duration.seconds(60)

    /// Puts a schedule's line into the crontab, in the place of the one of its name. Blocks.
    /// - Returns: what was done, a line each.
    /// - Throws: CommandFailure, usage.
    static func install(_ plan: SchedulePlan) throws(CommandFailure) -> [String] {
        let entry = "\(Crontab.mark(plan.name))\n" + plan.documents.map(\.text).joined()
        let text = Crontab.merging(entry, plan.name, into: try present())
        let (end, said) = try run(["-"], input: Array(text.utf8))
        guard end == .exited(0) else { throw failure("is not taken", said) }
        return ["wrote the line of \(plan.name) into your crontab; `crontab -l` shows it"]
    }

    /// The crontab so far.
    /// - Throws: CommandFailure where it is not known what is in it: it would be lost.
    private static func present() throws(CommandFailure) -> String {
        let (end, said) = try run(["-l"], input: [])
        if end == .exited(0) { return said }
        guard said.hasPrefix("no crontab for ") else { throw failure("cannot be read", said) }
        return ""
    }

    private static func failure(_ what: String, _ said: String) -> CommandFailure {
        let words = said.split(whereSeparator: \.isNewline).joined(separator: " ")
        return CommandFailure(.usage, "Your crontab \(what): \(words.isEmpty ? "crontab says nothing" : words)")
    }

    /// - Returns: how it ended, and what it printed, errors among it.
    private static func run(
        _ arguments: [String],
        input: [UInt8]
    ) throws(CommandFailure) -> (end: ProcessEnd?, said: String) {
        let child: ChildProcess
        let output: FileDescriptor
        do {
            let source = try FileDescriptor.makeMemoryFile()
            source.setContent(input)
            output = try FileDescriptor.makeMemoryFile()
            child = try ChildProcess(
                ChildProcessPlan(executable: "crontab", arguments: arguments, environment: ["LC_ALL": "C"]),
                standardInput: source,
                standardOutput: output,
                standardError: output
            )
        } catch let error as ChildFailure {
            throw CommandFailure(.usage, "Your crontab cannot be reached: \(error.reason).")
        } catch {
            throw CommandFailure(.usage, "Your crontab cannot be reached: there are no descriptors left.")
        }
        let end = child.end(patience: patience, then: .hasty)
        var status = stat()
        guard fstat(output.raw, &status) == 0, status.st_size <= Crontab.mostBytes else {
            throw CommandFailure(.usage, "Your crontab has more than \(Crontab.mostBytes >> 20) MiB.")
        }
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, filled in
            filled = max(0, pread(output.raw, buffer.baseAddress, buffer.count, 0))
        }
        return (end, String(decoding: bytes, as: UTF8.self))
    }
}
