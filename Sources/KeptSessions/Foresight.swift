import CLIXML
import PSRP

/// Answers to psrun's own questions, asked of a far side before a visitor asks them.
///
/// Only of one that says in its private data that it is in order (`EndpointFacts.inOrder`): it takes what it is sent in the
/// order in which that was sent, runs one pipeline after the other, and answers these questions without running anything.
/// So a question may fly right behind a line, and its answer tells how things are behind that line, however that ended. It
/// stays true until the far side is sent something else to run.
struct Foresight: Sendable {
    /// What psrun asks without a trace in the session.
    enum Question: Sendable, Hashable {
        /// `$?`, `$LASTEXITCODE` and the prompt.
        case state
        case prompt

        static let bodies: [Question: [UInt8]] = [
            .state: encodeCLIXML(PipelineRequest.probe(PipelineRequest.stateScript).value),
            .prompt: encodeCLIXML(PipelineRequest.prompt.value),
        ]
    }

    /// A message of an answer.
    struct Reply: Sendable, Hashable {
        let type: MessageType
        let body: [UInt8]
    }

    /// A pipeline of the visitor's, by the visitor's name, and what it asks.
    struct Asker: Sendable, Hashable {
        let pipeline: PipelineID
        let question: Question
    }

    /// What has become of a question to the far side, and of those who wait for its answer.
    enum Outcome: Sendable {
        case answered([Reply], [Asker])
        /// It is not an answer that could be given to anybody: they have to ask for themselves.
        case unanswered([Asker])
    }

    private struct Inquiry: Sendable {
        var stream: FragmentReassembler
        var replies: [Reply] = []
        var bytes = 0
        var askers: [Asker] = []
    }

    /// Of one answer as it is received: `$?`, a number, and a prompt, which is hardly longer than a path.
    private static let mostBytes = 64 << 10
    /// `$?`, `$LASTEXITCODE`, the prompt, and the pipeline's state.
    private static let replyTypes: [MessageType] = [.pipelineOutput, .pipelineOutput, .pipelineOutput, .pipelineState]

    private let pool: [UInt8]
    private let limits: SessionLimits
    private var identifiers: any IdentifierSource
    private var splitter = FragmentSplitter()
    private var inquiries: [PipelineID: Inquiry] = [:]
    /// The one behind all that was sent.
    private var latest: PipelineID?
    /// The answer that is true now.
    private var answer: [Reply]?
    /// Whether the far side has kept its promise, and the pool has one runspace still, which pipelines alone change.
    private var isUsable = true

    /// - Parameters:
    ///   - pool: the GUID of the held pool, in the order of a message's header.
    ///   - identifiers: of pipelines, which nobody else uses.
    init(pool: [UInt8], identifiers: any IdentifierSource, limits: SessionLimits) {
        self.pool = pool
        self.identifiers = identifiers
        self.limits = limits
    }

    mutating func nextName() -> PipelineID { identifiers.nextIdentifier() }

    // MARK: What a visitor asks

    /// The question that a pipeline's first Data asks; nil for anything else.
    static func question(in data: [UInt8]) -> Question? {
        guard let message = onlyMessage(in: data) else { return nil }
        return Question.bodies.first { message.elementsEqual($0.value) }?.key
    }

    /// Whether a pipeline's first Data says all that creates it.
    static func isWhole(_ data: [UInt8]) -> Bool { onlyMessage(in: data) != nil }

    /// The body of the one CREATE_PIPELINE that a Data holds, in one fragment; nil for anything else.
    private static func onlyMessage(in data: [UInt8]) -> ArraySlice<UInt8>? {
        let start = Fragment.headerSize + Message.headerSize
        guard data.count > start, data[16] & 3 == 3,
            data[17..<21].reduce(0, { $0 << 8 | Int($1) }) == data.count - Fragment.headerSize,
            Message.typeNumber(data[Fragment.headerSize...]) == MessageType.createPipeline.rawValue
        else { return nil }
        return data[start...]
    }

    /// What is known for a question; nil where nothing is.
    func replies(to question: Question) -> [Reply]? {
        answer.map { Self.replies($0, to: question) }
    }

    /// The part of an answer that a question is answered by: the prompt is the last thing of a state.
    static func replies(_ answer: [Reply], to question: Question) -> [Reply] {
        switch question {
        case .state: answer
        case .prompt: Array(answer.suffix(2))
        }
    }

    /// Has a visitor's pipeline wait for the answer that is on its way.
    /// - Returns: false where none is.
    mutating func wait(_ asker: Asker) -> Bool {
        guard let latest else { return false }
        inquiries[latest]?.askers.append(asker)
        return true
    }

    /// Nobody who has asked is there any more.
    mutating func forgetAskers() {
        for name in inquiries.keys { inquiries[name]?.askers = [] }
    }

    // MARK: What the far side is sent

    /// Something is sent that may change what is known.
    /// - Returns: what gives a question up for whose answer nobody waits.
    mutating func forget() -> [CarriageRequest] {
        answer = nil
        guard let name = latest.take(), inquiries[name]?.askers.isEmpty == true else { return [] }
        inquiries[name] = nil
        return [.close(.pipeline(name))]
    }

    /// The pool is changed otherwise than by a pipeline: nothing is foreseen any more.
    mutating func end() -> [CarriageRequest] {
        isUsable = false
        return forget()
    }

    /// Asks the far side how things are behind all that it was sent, where that is neither known nor asked.
    mutating func ask() -> [CarriageRequest] {
        guard isUsable, answer == nil, latest == nil else { return [] }
        let name = nextName()
        latest = name
        inquiries[name] = Inquiry(stream: FragmentReassembler(limits: limits))
        return request(.state, as: name)
    }

    /// The requests that ask a question in a pipeline of that name.
    mutating func request(_ question: Question, as name: PipelineID) -> [CarriageRequest] {
        let message = Message(
            .createPipeline,
            to: .server,
            runspacePoolID: PSGuid(mixedEndian: pool[...]),
            pipelineID: name,
            body: Question.bodies[question] ?? []
        )
        var rest = splitter.begin(message.encoded)
        var bytes: [UInt8] = []
        rest.appendNext(to: &bytes, largest: CarriageTraits.outOfProcess.largestFragment)
        return [.command(name, []), .data(.pipeline(name), .standard, bytes)]
    }

    // MARK: What the far side says

    func isOwn(_ pipeline: PipelineID) -> Bool { inquiries[pipeline] != nil }

    /// Takes a slice of the stream of a question's pipeline.
    /// - Returns: nil while more is to come; else what has become of the question, whose pipeline is then to be closed.
    mutating func receive(_ bytes: [UInt8], of name: PipelineID) -> Outcome? {
        guard var inquiry = inquiries[name] else { return nil }
        // It is the only one that holds it, so that it grows in place.
        inquiries[name] = nil
        inquiry.bytes += bytes.count
        guard inquiry.bytes <= Self.mostBytes, take(bytes, in: &inquiry) else {
            if latest == name { latest = nil }
            // It does not keep its promise, and is not asked for ever.
            isUsable = false
            return .unanswered(inquiry.askers)
        }
        guard inquiry.replies.count == Self.replyTypes.count else {
            inquiries[name] = inquiry
            return nil
        }
        if latest == name { (latest, answer) = (nil, inquiry.replies) }
        return .answered(inquiry.replies, inquiry.askers)
    }

    /// - Returns: whether what came belongs to an answer.
    private func take(_ bytes: [UInt8], in inquiry: inout Inquiry) -> Bool {
        do throws(PSRPError) {
            for bytes in try inquiry.stream.receive(bytes) {
                let message = try Message(decoding: bytes)
                let place = inquiry.replies.count
                guard place < Self.replyTypes.count, Self.replyTypes[place] == message.type else { return false }
                if message.type == .pipelineState {
                    let state = try StateMessage.pipelineState(of: try message.value(limits: limits.clixml))
                    guard state == .completed else { return false }
                }
                inquiry.replies.append(Reply(type: message.type, body: message.body))
            }
            return true
        } catch {
            return false
        }
    }
}
