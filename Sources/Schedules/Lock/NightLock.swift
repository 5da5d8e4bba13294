import RecordingFormat

/// The lock that keeps two runs of the same playbook on the same targets apart.
package enum NightLock {
    /// The name of its file: what of the playbook's name a file may have, and a hash of the playbook and the targets.
    /// - Parameters:
    ///   - playbook: its path from the root on, or its lines where it has none.
    ///   - targets: their names, in any order.
    package static func fileName(playbook: String, title: String, targets: [String]) -> String {
        var hash = StableHash()
        hash.add(playbook)
        for target in targets.sorted() { hash.add(target) }
        let digits = String(hash.mixed, radix: 16)
        return "\(RunName.stem(of: title))-\(String(repeating: "0", count: 16 - digits.count))\(digits).lock"
    }

    /// The folders that hold it, in this order, each only where it is known. A run takes the lock in all of them: a job of
    /// cron's, which has no XDG_RUNTIME_DIR, keeps out a service that has one.
    /// - Parameter home: the user's home folder, where HOME or the account has one.
    package static func folders(environment: [String: String], home: String?) -> [String] {
        func folder(_ name: String) -> String? { environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil } }
        let state = folder("XDG_STATE_HOME") ?? home.map { "\($0)/.local/state" }
        return [folder("XDG_RUNTIME_DIR").map { "\($0)/psrun" }, state.map { "\($0)/psrun/locks" }]
            .compactMap(\.self)
    }

    /// Who holds the lock, as its file says.
    package struct Holder: Sendable, Hashable {
        package let process: Int32
        /// Seconds since 1970, UTC.
        package let sinceSeconds: Int64

        package init(process: Int32, sinceSeconds: Int64) {
            self.process = process
            self.sinceSeconds = sinceSeconds
        }

        /// - Returns: nil for what is not a holder's text, as of a file that is just being written.
        package init?(_ text: [UInt8]) {
            guard text.last == 0x0A else { return nil }
            let words = text.dropLast().split(separator: 0x20, omittingEmptySubsequences: false)
            guard words.count == 2, let process = Int32(String(decoding: words[0], as: UTF8.self)), process > 0,
                let time = UTCTime(String(decoding: words[1], as: UTF8.self))
            else { return nil }
            self.init(process: process, sinceSeconds: time.secondsSince1970)
        }

        /// `4711 2026-11-30T01:30:00Z`, and a line end.
        package var text: String { "\(process) \(UTCTime(secondsSince1970: sinceSeconds).extended)\n" }
    }

    /// What is said where another run holds the lock.
    /// - Parameter holder: nil where its file does not say.
    package static func message(playbook: String, holder: Holder?, now: Int64) -> String {
        guard let holder else {
            return "\(playbook): another run of it on these targets goes on, and this one has not begun."
        }
        let age = max(0, now - holder.sinceSeconds)
        return "\(playbook): another run of it on these targets goes on, and this one has not begun: process "
            + "\(holder.process), since \(UTCTime(secondsSince1970: holder.sinceSeconds).extended) (\(readable(age)) ago)."
    }

    private static func readable(_ seconds: Int64) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7_200: "\(seconds / 60) min"
        default: "\(seconds / 3_600) h \(seconds % 3_600 / 60) min"
        }
    }
}
