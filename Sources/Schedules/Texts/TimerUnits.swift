/// A schedule as systemd reads it: a service and its timer.
package struct TimerUnits: Sendable, Hashable {
    /// What `psrun schedule` writes as the first line, and knows its own files by.
    package static func mark(_ name: String) -> String { "# psrun schedule: \(name)" }

    /// Seconds between two signs of life; psrun gives one in half of that.
    static let watchdogSeconds = 120
    /// Seconds for what is read before the first session: a playbook, and inventories, whose programs have ten minutes.
    static let preparationSeconds: Int64 = 900
    /// Seconds for a recording to be sealed, behind the grace.
    static let sealSeconds: Int64 = 120

    /// `NAME.service`.
    package let service: String
    /// `NAME.timer`.
    package let timer: String

    /// - Parameters:
    ///   - isUTC: whether a time of day is meant in UTC.
    ///   - splay: how long psrun may wait before it begins.
    ///   - grace: how long a session may take to stop.
    ///   - user: as whom the service runs; nil where the manager is that user's own.
    /// - Throws: ScheduleError for a folder that a unit cannot name.
    package init(
        _ name: String,
        _ rhythm: Rhythm,
        isUTC: Bool,
        _ command: ScheduledCommand,
        splay: Duration = .zero,
        grace: Duration = .seconds(5),
        user: String?
    ) throws(ScheduleError) {
        guard let end = command.folder.unicodeScalars.last, end != "\\", !end.properties.isWhitespace else {
            throw ScheduleError("systemd cannot begin in a folder whose name ends in a blank or a backslash.")
        }
        let title = UnitText.specifiers(UnitText.oneLine(command.title))
        let words = [UnitText.path(command.program)] + command.arguments.map(UnitText.argument)
        // A user's own manager has no network-online.target.
        let network = user == nil ? "" : "Wants=network-online.target\nAfter=network-online.target\n"
        service = """
            \(Self.mark(name))
            [Unit]
            Description=psrun \(title)
            \(network)
            [Service]
            Type=notify
            NotifyAccess=main
            \(user.map { "User=\(UnitText.specifiers($0))\n" } ?? "")WorkingDirectory=\(UnitText.specifiers(command.folder))
            ExecStart=\(words.joined(separator: " "))
            TimeoutStartSec=\(splay.components.seconds + 1 + Self.preparationSeconds)
            TimeoutStopSec=\(grace.components.seconds + Self.sealSeconds)
            WatchdogSec=\(Self.watchdogSeconds)
            KillMode=mixed

            """
        timer = """
            \(Self.mark(name))
            [Unit]
            Description=psrun \(title), by the clock

            [Timer]
            OnCalendar=\(rhythm.calendar(isUTC: isUTC))
            Persistent=true
            AccuracySec=1s

            [Install]
            WantedBy=timers.target

            """
    }
}

/// Texts as unit files have them (systemd.syntax(7), systemd.service(5)).
package enum UnitText {
    /// An argument of ExecStart=: in double quotes, `%` and `$` doubled, and what C escapes as C does.
    package static func argument(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "%": quoted += "%%"
            case "$": quoted += "$$"
            case _ where scalar.isControl: for byte in String(scalar).utf8 { quoted += hexadecimal(byte) }
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// The program of ExecStart=, in which no variable is expanded.
    package static func path(_ text: String) -> String { "\"\(specifiers(text))\"" }

    /// Text in which nothing but a specifier means anything.
    package static func specifiers(_ text: String) -> String {
        text.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%")
    }

    /// A text for a description: control characters and a backslash at the end, which would join the next line, left out.
    static func oneLine(_ text: String) -> String {
        var line = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isControl ? " " : $0 }))
        while line.hasSuffix("\\") { line.removeLast() }
        return line
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return "\\x" + (digits.count == 1 ? "0\(digits)" : digits)
    }
}
