import Files
import Glibc
package import PSRunCommandLine
import Processes
import Schedules
import SystemErrors

/// Puts a schedule where cron or systemd looks for it.
package enum ScheduleInstaller {
    /// Writes files, each whole or not at all, and leaves alone what psrun has not written. Blocks.
    /// - Returns: what was done, and what is to be done next, a line each.
    /// - Throws: CommandFailure, usage.
    package static func install(_ plan: SchedulePlan) throws(CommandFailure) -> [String] {
        guard plan.form != .crontab else { return try CrontabFile.install(plan) }
        for document in plan.documents { try check(document, plan.name) }
        for document in plan.documents { try write(document) }
        let written = plan.documents.map { "wrote \($0.path)" }
        guard plan.form == .systemd, plan.isInPlace else { return written }
        let manager = plan.isForUser ? "systemctl --user" : "systemctl"
        let lingering =
            plan.isForUser ? ["loginctl enable-linger    # so that it runs while you are not logged in"] : []
        return written + ["next: \(manager) daemon-reload && \(manager) enable --now \(plan.name).timer"] + lingering
    }

    // MARK: Files

    private static func check(_ document: SchedulePlan.Document, _ name: String) throws(CommandFailure) {
        guard FilePaths.exists(document.path) else { return }
        let present: [UInt8]
        do throws(FileFailure) {
            present = try FileContents.read(document.path, limit: FileContents.textBytes, kind: .regular)
        } catch {
            throw CommandFailure(.usage, "\(document.path) cannot be read: \(error.reason).")
        }
        guard present.starts(with: "\(TimerUnits.mark(name))\n".utf8) else {
            throw CommandFailure(
                .usage,
                "\(document.path) is there, and psrun schedule has not written it: give --schedule-name."
            )
        }
    }

    private static func write(_ document: SchedulePlan.Document) throws(CommandFailure) {
        do throws(SystemError) { try FilePaths.makeFolder(FilePaths.parent(of: document.path)) } catch {
            throw CommandFailure(.usage, "\(document.path) cannot be written: \(error.text).")
        }
        do throws(FileFailure) {
            let file = try AtomicFile(document.path)
            // cron reads no file that others may write, whatever umask(2) is.
            let isWritten =
                fchmod(file.descriptor, 0o644) == 0
                && ThisProcess.write(document.text, to: file.descriptor) && file.publish() == 0
            guard isWritten else { throw FileFailure(describe(errno: errno)) }
        } catch {
            throw CommandFailure(.usage, "\(document.path) cannot be written: \(error.reason).")
        }
    }
}
