package import Reports

/// Takes what a run under --cron would say, for one report at its end.
package protocol NightSink: Sendable {
    /// Something went wrong.
    func note(word: String)
    /// A target's session is over.
    func note(_ target: TargetInBrief, at index: Int)
}
