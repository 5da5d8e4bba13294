import CLIXML
import KeptSessions
import PSRP
import PSRPEndpoint

/// A held pool between psrun's endpoint, over a shell that is played here, and visitors that ask what psrun asks. What
/// visitor and pool say to each other passes at once; what pool and endpoint say is a flight.
final class FarStage {
    struct Numbers: IdentifierSource {
        var next: UInt64
        mutating func nextIdentifier() -> PSGuid {
            next += 1
            return PSGuid(high: 1, low: next)
        }
    }

    /// What the shell is asked to run, and what came of it: `cd FOLDER`, `status N`, `exit N`, `hang`, and `open` for a
    /// block that is not whole.
    final class Shell {
        var folder = "/"
        var ran: [String] = []
        var isHanging = false

        func answer(_ request: ShellRequest) -> ShellEvent? {
            switch request {
            case .check(let text):
                return .checked(text == "open" ? .incomplete(message: "sh: end of file unexpected") : .complete)
            case .run(let text, _, _):
                ran.append(text)
                let words = text.split(separator: " ")
                switch words.first {
                case "cd": folder = String(words[1])
                case "status": return .ended(status: Int32(words[1]) ?? 0)
                case "exit": return .left(status: Int32(words[1]) ?? 0)
                case "hang":
                    isHanging = true
                    return nil
                default: break
                }
                return .ended(status: 0)
            case .interrupt:
                guard isHanging else { return nil }
                isHanging = false
                return .ended(status: 130)
            case .restart:
                folder = "/home"
                return nil
            case .input, .endOfInput, .stay: return nil
            }
        }
    }

    struct Visitor {
        var client = ClientSession(
            configuration: ClientConfiguration(),
            carriage: .outOfProcess,
            // All visitors choose the same names.
            identifiers: Numbers(next: 1),
            cryptography: nil
        )
        var carriage = OutOfProcessClientCarriage(limits: .ofClient)
        var outputs: [PipelineID: [PSValue]] = [:]
        var ends: [PipelineID: PipelineState] = [:]
        var isOpen = false
        var isClosed = false
    }

    let shell = Shell()
    var held = HeldPool(pool: PSGuid(high: 7, low: 7), identifiers: Numbers(next: 1 << 60))
    var endpoint: EndpointSession
    var visitor: Visitor?
    /// How often the endpoint was sent something, and answered.
    private(set) var flights = 0
    let step: Int

    /// - Parameter step: bytes of a piece in which each side gets what the other says.
    init(step: Int = .max) {
        self.step = step
        let shell = shell
        endpoint = EndpointSession(
            facts: EndpointFacts(
                user: "op",
                computer: "web",
                processID: 1,
                isPrivileged: false,
                shell: "sh",
                operatingSystem: "Debian",
                version: "0"
            ),
            now: { PSDateTime(ticks: 0, zone: .utc) },
            workingDirectory: { _ in shell.folder }
        )
        while flight() {}
    }

    private func pieces(_ bytes: [UInt8]) -> [[UInt8]] {
        let size = min(step, max(bytes.count, 1))
        return stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min(bytes.count, $0 + size)]) }
    }

    /// What the pool has for the endpoint flies, and its answers.
    @discardableResult
    func flight() -> Bool {
        let bytes = held.takeForHeld()
        guard !bytes.isEmpty else { return false }
        flights += 1
        for piece in pieces(bytes) {
            try? endpoint.receive(piece)
            work()
        }
        answer()
        return true
    }

    private func work() {
        while let (runspace, request) = endpoint.nextRequest() {
            if let event = shell.answer(request) { endpoint.handle(event, in: runspace) }
        }
    }

    private func answer() {
        for piece in pieces(endpoint.bytesToSend()) { held.receiveHeld(piece) }
        talk()
    }

    /// Passes on what visitor and pool have for each other.
    func talk() {
        var isQuiet = false
        while !isQuiet {
            let said = OutOfProcessClientCarriage.bytes(of: visitor?.client.requestsToSend() ?? [])
            for piece in pieces(said) { held.receiveVisitor(piece) }
            let heard = held.takeForVisitor()
            for piece in pieces(heard) { hear(piece) }
            isQuiet = said.isEmpty && heard.isEmpty
        }
    }

    private func hear(_ bytes: [UInt8]) {
        guard var visitor else { return }
        let events = visitor.carriage.receive(bytes)
        try? visitor.client.receive(events)
        while let event = visitor.client.nextEvent() {
            switch event {
            case .opened: visitor.isOpen = true
            case .output(let id, let value): visitor.outputs[id, default: []].append(value)
            case .ended(let id, let state, _): visitor.ends[id] = state
            case .closed: visitor.isClosed = true
            default: break
            }
        }
        self.visitor = visitor
    }

    // MARK: What psrun does

    func enter() {
        held.visitorArrived()
        visitor = Visitor()
        visitor?.client.open()
        talk()
    }

    /// Sends a pipeline and lets fly what must until it has ended.
    /// - Returns: the texts of its output; nil where it does not end, or ends otherwise.
    @discardableResult
    func run(_ request: PipelineRequest, to end: PipelineState = .completed) -> [String]? {
        guard let id = visitor?.client.create(request) else { return nil }
        talk()
        while visitor?.ends[id] == nil { guard flight() else { return nil } }
        guard visitor?.ends[id] == end else { return nil }
        return visitor?.outputs[id, default: []].map { $0.text ?? ($0.boolValue == true ? "True" : "False") }
    }

    func prompt() -> [String]? { run(.prompt) }
    func state() -> [String]? { run(.probe(PipelineRequest.stateScript)) }
    func line(_ text: String) -> [String]? { run(.line(PSString(text))) }

    func leave() {
        visitor?.client.close()
        talk()
    }

    /// The visitor is killed, and what it has left is stopped.
    func kill() {
        visitor = nil
        held.visitorLeft()
        while flight() {}
    }
}
