/// Why something cannot be scheduled: a sentence, with the way out.
package struct ScheduleError: Error, Sendable, Hashable {
    package let message: String

    package init(_ message: String) {
        self.message = message
    }
}
