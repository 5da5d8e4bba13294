import Files
import Glibc
import KeptSessions
import SystemErrors

/// What the broker hands to whatever is to carry a session: the words of its command line, from the folder of whoever
/// opens it.
package struct CarriedLine: Sendable {
    package private(set) var words: [String] = []
    /// Whether somebody is there who can be asked.
    package let hasPerson: Bool
    /// How long ago the opening began.
    package private(set) var spent = Duration.zero
    private let socket: Int32

    /// Reads it, and goes to that folder. Blocks until all is there.
    /// - Returns: nil where the broker is gone before that, or was told why that folder cannot be entered.
    package init?(from socket: Int32) {
        self.socket = socket
        var reader = ControlReader(upTo: "open")
        var byte: UInt8 = 0
        // One at a time: what comes behind it is not this function's.
        while read(socket, &byte, 1) == 1 {
            for request in reader.receive([byte]).map({ ControlRequest($0) }) {
                switch request {
                case .word(let text): words.append(text)
                case .since(let moment):
                    let now = monotonicNanoseconds()
                    spent = .nanoseconds(Int64(clamping: now > moment ? now - moment : 0))
                case .open(_, let folder, let hasPerson):
                    guard chdir(folder) == 0 else {
                        let reason =
                            "\(folder), from which the session is opened, cannot be entered: \(describe(errno: errno))."
                        Self.refuse(reason, exitCode: 1, to: socket)
                        return nil
                    }
                    self.hasPerson = hasPerson
                    return
                default: break
                }
            }
            guard !reader.isTooMuch else { return nil }
        }
        return nil
    }

    /// Tells the opener why nothing is carried; the socket's end is to follow.
    package func refuse(_ reason: String, exitCode: Int32) {
        Self.refuse(reason, exitCode: Int(exitCode), to: socket)
    }

    private static func refuse(_ reason: String, exitCode: Int, to socket: Int32) {
        let reply = ControlReply.failed(exitCode: exitCode, reason)
        BrokerPort(FileDescriptor(owning: dup(socket))).send(ControlLine.encode(reply.fields))
    }
}
