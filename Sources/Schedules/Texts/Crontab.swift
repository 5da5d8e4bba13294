/// A schedule as cron reads it.
package enum Crontab {
    /// What cron takes of a command, in bytes: `crontab` refuses more ("command too long"; Debian's cron 3.0pl1).
    package static let mostCommandBytes = 998

    /// What a whole crontab may have, in bytes.
    package static let mostBytes = 4 << 20

    /// What `psrun schedule` writes above its own line, and knows it by.
    package static func mark(_ name: String) -> String { "# psrun schedule: \(name)" }

    /// The line of a user's crontab, without its newline.
    /// - Throws: ScheduleError for what such a line cannot have.
    package static func line(_ rhythm: Rhythm, _ command: ScheduledCommand) throws(ScheduleError) -> String {
        "\(rhythm.cronFields) \(try text(command))"
    }

    /// What a user's crontab gets.
    package static func entry(
        _ name: String,
        _ rhythm: Rhythm,
        _ command: ScheduledCommand
    ) throws(ScheduleError) -> String {
        "\(mark(name))\n\(try line(rhythm, command))\n"
    }

    /// A file of /etc/cron.d: complete with its last newline, without which cron does not read it.
    /// - Parameter user: as whom cron is to run it.
    package static func file(
        _ name: String,
        _ rhythm: Rhythm,
        _ command: ScheduledCommand,
        user: String
    ) throws(ScheduleError) -> String {
        guard !user.isEmpty, !user.unicodeScalars.contains(where: { $0.isControl || $0 == " " }) else {
            throw ScheduleError("'\(user)' cannot be a user's name in a file of cron's.")
        }
        return """
            \(mark(name))
            SHELL=/bin/sh
            \(rhythm.cronFields) \(user) \(try text(command))

            """
    }

    /// A crontab with the schedule's entry in it: in the place of the one of that name, or at the end.
    /// - Parameter present: the crontab so far.
    package static func merging(_ entry: String, _ name: String, into present: String) -> String {
        var lines = present.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        let new = entry.split(separator: "\n").map(String.init)
        if let place = lines.firstIndex(of: mark(name)) {
            // Whatever else a person wrote behind the mark stays.
            let isOwn = lines.indices.contains(place + 1) && lines[place + 1].contains(" --cron")
            lines.replaceSubrange(place...(isOwn ? place + 1 : place), with: new)
        } else {
            lines += new
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func text(_ command: ScheduledCommand) throws(ScheduleError) -> String {
        let words = [command.program] + command.arguments
        guard !words.contains(where: { $0.unicodeScalars.contains(where: \.isControl) }) else {
            throw ScheduleError("A line of a crontab cannot have a line end or another control character in it.")
        }
        let text =
            "cd \(ShellWord.quoted(command.folder)) && exec "
            + words.map(ShellWord.quoted).joined(separator: " ")
        // cron takes % for a line end, unless a backslash stands before it (crontab(5)).
        let line = text.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "\\%")
        guard line.utf8.count <= mostCommandBytes else {
            throw ScheduleError(
                "The command has \(line.utf8.count) bytes, and cron takes \(mostCommandBytes): put hosts into a file "
                    + "(--host @FILE) or an inventory, or take --as systemd."
            )
        }
        return line
    }
}

/// Words as sh(1) reads them.
package enum ShellWord {
    /// The word as it stands where nothing in it means anything to a shell, else in single quotes.
    ///
    /// A backslash in quotes is followed by `''`: cron makes one of two, and takes one before `%` away (Debian's cron
    /// 3.0pl1), and so none may stand before either.
    package static func quoted(_ word: String) -> String {
        guard word.isEmpty || !word.utf8.allSatisfy(isPlain) else { return word }
        var quoted = "'"
        for character in word.unicodeScalars {
            switch character {
            case "'": quoted += "'\\''"
            case "\\": quoted += "\\''"
            default: quoted.unicodeScalars.append(character)
            }
        }
        return quoted + "'"
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "@%+=:,./-_".utf8.contains(byte)
        }
    }
}
