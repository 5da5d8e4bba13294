import CLIXML
import PSRP
import PSRunTestSupport

/// A server's session that answers each line with itself, or with other lines, and prompts with `PS /> `.
package struct AnsweringServer {
    private var server = OutOfProcessServer()
    private let lines: [String]?

    /// - Parameter lines: what each line is answered with; nil for itself.
    package init(answering lines: [String]? = nil) {
        self.lines = lines
    }

    /// What it says to what its client has sent.
    package mutating func replies(to bytes: [UInt8]) throws -> [UInt8] {
        try server.receive(bytes)
        while let event = server.nextEvent() { serve(event) }
        return server.bytesToSend()
    }

    private mutating func serve(_ event: ServerEvent) {
        switch event {
        case .opened: server.session.openPool(privateData: [])
        case .createPipeline(let id, let request):
            let text = request.statements[0][0].text.text
            if text.hasPrefix("$?") {
                for value in [PSValue.bool(true), .string(""), .string("PS /> ")] {
                    server.session.sendOutput(value, of: id)
                }
            } else if !request.addToHistory {
                server.session.sendOutput(.string("PS /> "), of: id)
            } else {
                for line in lines ?? [text] {
                    _ = server.session.callHost(.writeLine2, [.string(PSString(line))], pipeline: id)
                }
            }
            server.session.sendState(.completed, of: id)
        case .signal(let id): server.session.sendState(.stopped, of: id)
        case .closePool: server.session.finishClose()
        default: break
        }
    }
}
