import CLIXML
import PSRP

/// How long a line of output may be: one line is one object, one object is one message, and psrun's own client takes
/// messages up to this size.
package enum LineLimit {
    package static let bytes = SessionLimits.ofClient.messageBytes

    /// What is told in the place of a longer line.
    static let message =
        "psrun endpoint: a line of output is longer than \(bytes >> 20) MiB, the most that one object may hold; the line was "
        + "left out. Write it to a file, or cut it with fold."

    /// Whether a message can hold a value.
    /// - Parameter textBytes: the bytes of the line that the value was made of.
    static func holds(_ value: @autoclosure () -> PSValue, textBytes: Int) -> Bool {
        // A byte is seven at most when it is escaped, and a record has the text four times at most.
        textBytes < (bytes - overhead) / 28 || encodeCLIXML(value()).count <= bytes - overhead
    }

    /// What a message has around its value.
    private static let overhead = 4096
}
