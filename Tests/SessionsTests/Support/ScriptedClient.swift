import CLIXML
import PSRP

@testable import Sessions

/// A client whose far side answers each command as a script says, at once or not at all.
struct ScriptedClient: SessionClient {
    /// One thing that the far side does with a pipeline.
    enum Act {
        case host(HostMethod, [PSValue])
        /// A host call that waits for its reply; what follows comes behind it.
        case ask(HostMethod, [PSValue])
        case output(PSValue)
        case error(ErrorRecord)
        case record(RecordStream, PSValue)
        case end(PipelineState, ErrorRecord? = nil)

        static func line(_ text: String) -> Act { .host(.writeLine2, [.string(text)]) }
        static func errorLine(_ text: String) -> Act { .host(.writeErrorLine, [.string(text)]) }
    }

    /// What was asked of the client, by the first command's text.
    enum Request: Hashable {
        case create(String, addToHistory: Bool)
        case metadata([String])
        case input(PSValue)
        case stop
        case reply(HostReply)
        case availability
        case close
    }

    /// The acts of each command, by its text; several for a command that is sent several times. Unknown ones end well.
    var script: [String: [[Act]]] = [:]
    var metadata: [Act] = []
    /// Whether what is created is sent.
    var isSending = true
    /// Whether the far side says that its pool is closed.
    var isCloseAnswered = true
    private(set) var requests: [Request] = []
    /// Of each pipeline's first command.
    private(set) var arguments: [[PSValue]] = []
    private var pending: [Act] = []
    private var events: [ClientEvent] = []
    private var current = PSGuid.zero
    private var count: UInt64 = 0
    private var error: PSRPError?

    static let probe = "$?; [string](Get-Variable LASTEXITCODE -ValueOnly -Scope Global -ErrorAction Ignore); prompt"

    /// The same where the far side's parser cut the playbook.
    static let wholeProbe = ProbedStep.script.text
    /// What asks for the blocks and the first prompt; a far side that knows nothing of blocks answers it with the prompt.
    static let question = CutQuestion.script.text

    /// A far side whose parser cut a playbook into parts: kind, start and end of each.
    static func cut(
        _ playbook: String,
        _ parts: [Int],
        errors: [String] = [],
        _ script: [String: [[Act]]] = [:]
    ) -> ScriptedClient {
        let answer: [Act] =
            [
                .output(.int32(Int32(playbook.utf16.count))),
                .output(.string(parts.map(String.init).joined(separator: " "))),
            ]
            + [.output(.int32(Int32(errors.count)))] + errors.map { .output(.string($0)) }
            + [.output(.string("PS /> ")), .end(.completed)]
        return ScriptedClient([question: [answer]].merging(script) { _, new in new })
    }

    /// The outputs of a probe that worked.
    static func probed(_ succeeded: Bool, _ exitCode: String = "", prompt: String = "PS /> ") -> [Act] {
        [.output(.bool(succeeded)), .output(.string(exitCode)), .output(.string(prompt)), .end(.completed)]
    }

    init(_ script: [String: [[Act]]] = [:]) {
        let prompt: [[Act]] = [[.output(.string("PS /> ")), .end(.completed)]]
        self.script = [
            Self.question: script["prompt"] ?? prompt, "prompt": prompt, Self.probe: [Self.probed(true)],
            Self.wholeProbe: [Self.probed(true)],
        ]
        .merging(script) { _, new in new }
    }

    var createdTexts: [String] {
        requests.compactMap { if case .create(let text, _) = $0 { text } else { nil } }
    }

    var hasEvents: Bool { !events.isEmpty }

    // MARK: The far side's part

    mutating func tell(_ event: ClientEvent) { events.append(event) }

    mutating func act(_ act: Act) {
        pending.append(act)
        proceed()
    }

    mutating func breakWith(_ error: PSRPError) { self.error = error }

    private mutating func proceed() {
        while !pending.isEmpty {
            switch pending.removeFirst() {
            case .host(let method, let parameters):
                tell(
                    .hostCall(
                        HostCall(callID: HostCall.voidCallID, method: method, parameters: parameters, pipeline: current)
                    )
                )
            case .ask(let method, let parameters):
                tell(.hostCall(HostCall(callID: 1, method: method, parameters: parameters, pipeline: current)))
                return
            case .output(let value): tell(.output(current, value))
            case .error(let record): tell(.error(current, record))
            case .record(let stream, let value): tell(.record(current, stream, value))
            case .end(let state, let record): tell(.ended(current, state, record))
            }
        }
    }

    // MARK: SessionClient

    var unreadBytes: Int { 0 }

    mutating func open() {}

    mutating func receive(_ heard: [CarriageEvent]) throws(PSRPError) {
        if let error { throw error }
    }

    mutating func receiveEnd() throws(PSRPError) {
        throw PSRPError(.ended, "the stream ended")
    }

    mutating func nextEvent() -> ClientEvent? { events.isEmpty ? nil : events.removeFirst() }

    mutating func requestsToSend() -> [CarriageRequest] { [] }

    mutating func create(_ request: PipelineRequest) -> PipelineID {
        let text = request.statements[0][0].text.text
        requests.append(.create(text, addToHistory: request.addToHistory))
        arguments.append(request.statements[0][0].arguments.map(\.value))
        var scripts = script[text] ?? [[.end(.completed)]]
        pending = scripts.removeFirst()
        if !scripts.isEmpty { script[text] = scripts }
        count += 1
        current = PSGuid(high: 0, low: count)
        if request.noInput { proceed() }
        return current
    }

    mutating func createMetadataRequest(_ request: CommandMetadataRequest) -> PipelineID {
        requests.append(.metadata(request.names))
        count += 1
        current = PSGuid(high: 0, low: count)
        pending = metadata
        proceed()
        return current
    }

    mutating func sendInput(_ value: PSValue, to pipeline: PipelineID) throws(PSRPError) {
        requests.append(.input(value))
    }

    mutating func endInput(of pipeline: PipelineID) { proceed() }

    mutating func stop(_ pipeline: PipelineID) -> Bool {
        requests.append(.stop)
        return isSending
    }

    mutating func reply(_ reply: HostReply, to call: HostCall) throws(PSRPError) {
        requests.append(.reply(reply))
        proceed()
    }

    mutating func askAvailability() { requests.append(.availability) }

    /// As of protocol 2.4: UTF-16LE in the clear.
    func revealSecureString(_ bytes: [UInt8]) throws(PSRPError) -> PSString? {
        PSString(
            units: stride(from: 0, to: bytes.count - 1, by: 2).map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
        )
    }

    mutating func close() {
        requests.append(.close)
        if isCloseAnswered { tell(.closed) }
    }
}
