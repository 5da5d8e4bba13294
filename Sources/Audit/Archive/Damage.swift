import Recording
import SystemErrors

/// What is wrong with bytes that were read: told to a person, never acted on.
struct Damage: Error, Hashable {
    let message: String

    init(_ message: String) {
        self.message = message
    }

    init(_ error: SystemError) {
        message = error.text
    }
}
