import CLIXML
import PSRP

/// How long a line of output may be: one line is one object, and one object is one message.
struct LineLimit: Sendable {
    /// Bytes of the largest message.
    let bytes: Int

    /// What psrun's own client takes; PowerShell's takes more.
    static let standard = LineLimit(bytes: SessionLimits.ofClient.messageBytes)

    /// What is told in the place of a longer line.
    var message: String {
        "psrun endpoint: a line of output is longer than \(bytes >> 20) MiB, the most that one object may hold; the line was "
            + "left out. Write it to a file, or cut it with fold."
    }

    /// Whether a message can hold a value.
    /// - Parameter textBytes: the bytes of the line that the value was made of.
    func holds(_ value: @autoclosure () -> PSValue, textBytes: Int) -> Bool {
        // A byte is seven at most when it is escaped, and a record has the text eight times at most.
        textBytes < (bytes - Self.overhead) / 56 || encodeCLIXML(value()).count <= bytes - Self.overhead
    }

    /// What a message has around its value.
    private static let overhead = 4096
}
