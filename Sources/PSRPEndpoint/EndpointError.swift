import Glibc
import SystemErrors

/// Why the endpoint cannot serve.
package struct EndpointError: Error {
    /// What was being done, and why it failed, for a person.
    let message: String

    init(_ message: String) {
        self.message = message
    }

    /// A system call that failed just now.
    static func system(_ deed: String) -> EndpointError {
        EndpointError("psrun endpoint could not \(deed): \(describe(errno: errno)).")
    }
}
