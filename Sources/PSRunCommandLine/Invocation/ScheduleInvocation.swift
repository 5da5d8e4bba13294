/// `psrun schedule PLAYBOOK …`: a run by the clock.
package struct ScheduleInvocation: Sendable, Hashable {
    package enum Form: String, Sendable, Hashable, CaseIterable {
        /// A line of the user's crontab.
        case crontab
        /// A file of /etc/cron.d.
        case cronFile = "cron.d"
        /// A service and a timer.
        case systemd
    }

    package enum Time: Sendable, Hashable {
        /// `HH:MM`.
        case daily(String)
        case every(seconds: Int64)
    }

    /// What is to run, as `psrun --cron` would have it.
    package var run: RunInvocation
    /// The playbook's path and all options of the run, as a command line has them.
    package var arguments: [String]
    package var time: Time
    package var isUTC: Bool
    package var form: Form
    /// nil takes one from the playbook's.
    package var name: String?
    /// As whom it runs, where the form can say so; nil for whoever asks.
    package var account: String?
    package var installs: Bool
    /// Where files are installed; nil for where cron or systemd looks.
    package var folder: String?
}

/// The same while a command line is read.
struct ScheduleDraft {
    var at: String?
    var every: Duration?
    var isUTC = false
    var form = ScheduleInvocation.Form.crontab
    var name: String?
    var account: String?
    var installs = false
    var folder: String?
}
