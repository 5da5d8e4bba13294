import Files
import Glibc
package import PSRunCommandLine
import Schedules

extension SchedulePlace {
    /// This process's place.
    /// - Parameter called: by which name psrun was started.
    /// - Throws: CommandFailure, usage.
    package static func here(
        called name: String,
        environment: [String: String]
    ) throws(CommandFailure) -> SchedulePlace {
        guard let folder = FilePaths.workingFolder else {
            throw .noWorkingFolder
        }
        let account = UserAccount.ofThisProcess
        let home = environment["HOME"] ?? account?.home ?? ""
        func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let configuration = variable("XDG_CONFIG_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/.config"
        return SchedulePlace(
            folder: folder,
            program: program(called: name, in: folder, path: environment["PATH"] ?? ""),
            account: account?.name ?? "\(geteuid())",
            isRoot: geteuid() == 0,
            userUnits: "\(configuration)/systemd/user",
            recordings: variable("PSRUN_RECORDINGS"),
            skips: skips()
        )
    }

    /// So far ahead is looked for changes of clocks, in seconds: ten years.
    private static let horizon: Int64 = 3_653 * 86_400

    /// Those of the zone in which this is called, and of the computer's own.
    private static func skips() -> [ClockSkip] {
        let now = Int64(time(nil))
        func find() -> [ClockSkip] {
            ClockSkip.find(from: now, through: now + horizon, offset: ThisComputer.offset)
        }
        return find() + ThisComputer.inOwnZone(find)
    }

    /// The path by which it was found, which a newer version keeps; what it leads to may go with the version.
    private static func program(called name: String, in folder: String, path: String) -> String {
        if name.hasPrefix("/") { return name }
        if name.contains("/") { return FilePaths.joined(folder, name) }
        let found = ProgramSearch.find(name, in: path).map { FilePaths.joined(folder, $0) }
        return found ?? FilePaths.target(ofLink: "/proc/self/exe") ?? name
    }
}

extension FilePaths {
    /// A path from the root on, without `.` as a part of it.
    fileprivate static func joined(_ folder: String, _ path: String) -> String {
        guard !path.hasPrefix("/") else { return path }
        let parts = path.split(separator: "/").filter { $0 != "." }
        return "\(folder == "/" ? "" : folder)/\(parts.joined(separator: "/"))"
    }
}
