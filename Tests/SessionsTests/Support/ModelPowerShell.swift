import CLIXML
import PSRP

@testable import Sessions

/// A PowerShell whose parser knows one playbook: it answers the question for its blocks by the parts it was given, and
/// runs only what begins and ends where a block does.
struct ModelPowerShell: SessionClient {
    let text: String
    let parts: [Int]
    /// The blocks that are to come, whole lines, comments before them aside.
    private(set) var expected: [String]
    private(set) var breaches: [String] = []
    private(set) var lines = 0
    private var events: [ClientEvent] = []
    private var count: UInt64 = 0

    init(_ text: String, _ parts: [Int], _ expected: [String]) {
        self.text = text
        self.parts = parts
        self.expected = expected
    }

    mutating func tell(_ event: ClientEvent) { events.append(event) }

    mutating func create(_ request: PipelineRequest) -> PipelineID {
        count += 1
        let id = PSGuid(high: 0, low: count)
        let command = request.statements[0][0]
        if command.text == CutQuestion.script {
            if command.arguments.map(\.value) != [.string(PSString(text))] {
                breaches.append("asked about another text")
            }
            let parts = parts.map(String.init).joined(separator: " ")
            for value in [.int32(Int32(text.utf16.count)), .string(PSString(parts)), .int32(0), .string("PS> ")]
                as [PSValue]
            {
                events.append(.output(id, value))
            }
        } else if request.addToHistory {
            run(command.text.text)
        } else {
            let isProbe = command.text == ProbedStep.script
            for value in (isProbe ? [.bool(true), .string("")] : []) + [.string("PS> ")] as [PSValue] {
                events.append(.output(id, value))
            }
        }
        events.append(.ended(id, .completed, nil))
        return id
    }

    /// What is sent ends with the next block, and has nothing but comments and blanks before it.
    private mutating func run(_ sent: String) {
        lines += 1
        guard !expected.isEmpty else { return breaches.append("more was sent: \(sent.debugDescription)") }
        let block = expected.removeFirst()
        guard Array(sent.utf8.suffix(block.utf8.count)) == Array(block.utf8) else {
            return breaches.append("sent \(sent.debugDescription) for \(block.debugDescription)")
        }
        if !text.utf8.contains(subsequence: Array(sent.utf8)) {
            breaches.append("not of the file: \(sent.debugDescription)")
        }
    }

    // MARK: SessionClient

    var unreadBytes: Int { 0 }
    var hasEvents: Bool { !events.isEmpty }
    mutating func open() {}
    mutating func receive(_ heard: [CarriageEvent]) throws(PSRPError) {}
    mutating func receiveEnd() throws(PSRPError) {}
    mutating func nextEvent() -> ClientEvent? { events.isEmpty ? nil : events.removeFirst() }
    mutating func requestsToSend() -> [CarriageRequest] { [] }
    mutating func createMetadataRequest(_ request: CommandMetadataRequest) -> PipelineID { .zero }
    mutating func sendInput(_ value: PSValue, to pipeline: PipelineID) throws(PSRPError) {}
    mutating func endInput(of pipeline: PipelineID) {}
    mutating func stop(_ pipeline: PipelineID) -> Bool { true }
    mutating func reply(_ reply: HostReply, to call: HostCall) throws(PSRPError) {}
    mutating func askAvailability() {}
    mutating func close() { tell(.closed) }
    func revealSecureString(_ bytes: [UInt8]) throws(PSRPError) -> PSString? { nil }
}

extension String.UTF8View {
    fileprivate func contains(subsequence: [UInt8]) -> Bool {
        guard !subsequence.isEmpty else { return true }
        let bytes = Array(self)
        guard bytes.count >= subsequence.count else { return false }
        return (0...(bytes.count - subsequence.count)).contains { start in
            bytes[start] == subsequence[0] && bytes[start..<(start + subsequence.count)].elementsEqual(subsequence)
        }
    }
}
