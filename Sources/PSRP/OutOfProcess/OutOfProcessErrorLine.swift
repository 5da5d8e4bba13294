/// The last line of an out-of-process server that cannot go on, in the form of a real one: why (server/garbage-text).
package enum OutOfProcessErrorLine {
    /// What it begins with: of a pipe and standard streams, and of a virtual machine's socket.
    static let leads = ["__NamedPipeError__:", "__HyperVSocketError__:"]

    /// - Parameter message: for people; of several lines, one is made.
    package static func bytes(_ message: String) -> [UInt8] {
        Array("\(leads[0])\(message.split(separator: "\n").joined(separator: " "))\n".utf8)
    }
}
