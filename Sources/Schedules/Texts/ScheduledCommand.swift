/// What a schedule starts.
package struct ScheduledCommand: Sendable, Hashable {
    /// The folder in which it runs, from the root on: names of files on the command line are relative to it.
    package let folder: String
    /// The program's path, from the root on.
    package let program: String
    package let arguments: [String]
    /// The playbook, as a person knows it.
    package let title: String

    /// - Throws: ScheduleError for what no table of cron's and no unit can have.
    package init(folder: String, program: String, arguments: [String], title: String) throws(ScheduleError) {
        self.folder = folder
        self.program = program
        self.arguments = arguments
        self.title = title
        for path in [folder, program] where !path.hasPrefix("/") {
            throw ScheduleError("\(path) is not a path from the root on, and a schedule starts nowhere in particular.")
        }
        guard !program.unicodeScalars.contains(where: { "\"'\\".unicodeScalars.contains($0) || $0.isControl }) else {
            throw ScheduleError(
                "The program's path \(program) has characters that systemd refuses: link it to a plain path, and call it there."
            )
        }
        guard !folder.unicodeScalars.contains(where: \.isControl) else {
            throw ScheduleError("The folder's name has control characters, which a schedule cannot hold.")
        }
    }
}

extension Unicode.Scalar {
    /// Whether it is a control character (U+0000 to U+001F, U+007F to U+009F).
    var isControl: Bool { properties.generalCategory == .control }
}

/// Names of schedules, as files and units have them.
package enum ScheduleName {
    /// cron reads no file whose name has another character (run-parts(8)), and a dot least of all.
    private static func isSafe(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D: true
        default: false
        }
    }

    /// `psrun-nightly` of `nightly.ps1`.
    package static func of(playbook: String) -> String {
        let ending = [".ps1", ".sh"].first { playbook.hasSuffix($0) } ?? ""
        let bytes = playbook.dropLast(ending.count).utf8.prefix(64).map { isSafe($0) ? $0 : 0x2D }
        return "psrun-" + String(decoding: bytes, as: UTF8.self)
    }

    /// - Throws: ScheduleError for a name that cron would not read, or systemd not take.
    package static func check(_ name: String) throws(ScheduleError) {
        guard !name.isEmpty, name.utf8.count <= 200, name.utf8.allSatisfy(isSafe), name.utf8.first != 0x2D else {
            throw ScheduleError(
                "'\(name)' cannot be a schedule's name: cron reads only names of letters, digits, '-' and '_'."
            )
        }
    }
}
