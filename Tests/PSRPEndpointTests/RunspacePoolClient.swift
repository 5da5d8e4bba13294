import CLIXML
import Files
import Glibc
import PSRunTestSupport
import Testing

@testable import PSRP
@testable import PSRPEndpoint

/// A client of several runspaces, which runs pipelines side by side; psrun's own asks for one, and waits for each.
final class RunspacePoolClient {
    struct Result {
        /// What was written to the client's host.
        var console: [String] = []
        /// SetShouldExit's argument.
        var exitCode: Int32?
        var state: Int32?
        var failure = ""
    }

    private(set) var results: [PSGuid: Result] = [:]
    private let socket: FileDescriptor
    private let serving: any Serving
    private var decoder = OutOfProcessDecoder(side: .client, limits: SessionLimits())
    private var reassemblers: [PSGuid: FragmentReassembler] = [:]
    private var lastPipeline: UInt64 = 0
    private var isClosed = false

    init(_ shell: TestedShell = .dash, most: Int32) throws {
        signal(SIGPIPE, SIG_IGN)
        let ends = try socketPair()
        socket = ends.near
        serving = try ServingThread(on: ends.far, shell.program)
        send(Self.opening(most: most))
    }

    private func send(_ bytes: [UInt8]) { _ = socket.write(bytes[...]) }

    private func send(_ kind: OutOfProcessElement.Kind, _ target: PSGuid) {
        var bytes: [UInt8] = []
        OutOfProcessElement(kind, target).write(to: &bytes)
        send(bytes)
    }

    /// Begins a line as a playbook's is begun.
    func begin(_ line: String) -> PSGuid {
        lastPipeline += 1
        let id = PSGuid(high: 1, low: lastPipeline)
        results[id] = Result()
        send(EndpointSessionTests.creation(of: .line(PSString(line)), id))
        return id
    }

    func line(_ text: String) throws -> Result { try result(of: begin(text)) }

    func result(of pipeline: PSGuid) throws -> Result {
        try pump { $0.results[pipeline]?.state != nil }
        return try #require(results[pipeline])
    }

    func stop(_ pipeline: PSGuid) { send(.signal, pipeline) }

    func close() throws -> Int32 {
        send(.close, .zero)
        try pump { $0.isClosed }
        return try hangUp()
    }

    func hangUp() throws -> Int32 {
        shutdown(socket.raw, Int32(SHUT_WR))
        return try serving.status()
    }

    /// Takes what comes until `isDone`. 30 seconds of silence fail the test.
    func pump(until isDone: (RunspacePoolClient) -> Bool) throws {
        while !isDone(self) {
            var wait = pollfd(fd: socket.raw, events: Int16(POLLIN), revents: 0)
            try #require(poll(&wait, 1, 30_000) > 0, "the endpoint does not answer")
            let received = try #require(socket.read(limit: 1 << 16))
            try #require(!received.isEmpty, "the endpoint went away")
            decoder.receive(received)
            while let item = try decoder.next() {
                guard case .element(let element) = item else { continue }
                if case .data(_, let bytes) = element.kind { try take(bytes, of: element.target) }
                if case .closeAck = element.kind, element.target == .zero { isClosed = true }
            }
        }
    }

    private func take(_ bytes: [UInt8], of target: PSGuid) throws {
        let messages = try reassemblers[target, default: FragmentReassembler(limits: SessionLimits())].receive(bytes)
        for bytes in messages {
            let message = try Message(decoding: bytes)
            let value = try message.value(limits: .standard)
            switch message.type {
            case .pipelineHostCall:
                let parameter = value["mp"]?.elements?.first
                if let text = parameter?.text { results[target]?.console.append(text) }
                if let code = parameter?.int32Value { results[target]?.exitCode = code }
            case .pipelineState:
                results[target]?.state = value["PipelineState"]?.int32Value
                results[target]?.failure = value["ExceptionAsErrorRecord"].map { ErrorRecord(value: $0).message } ?? ""
            default: break
            }
        }
    }

    static func opening(most: Int32) -> [UInt8] {
        var identifiers = CountingIdentifiers()
        var fragmenter = MessageFragmenter(to: .server, runspacePoolID: identifiers.nextIdentifier())
        let pool = PSValue.properties([
            ("MinRunspaces", .int32(1)),
            ("MaxRunspaces", .int32(most)),
            ("PSThreadOptions", .int32(0)),
            ("ApartmentState", .int32(2)),
            ("HostInfo", InitRunspacePool.inheritedHostInfo),
            ("ApplicationArguments", .null),
        ])
        var fragments: [UInt8] = []
        let capability = SessionCapability(protocolVersion: PSVersionNumber(2, 4)).value
        for (type, value) in [(MessageType.sessionCapability, capability), (.initRunspacePool, pool)] {
            var message = fragmenter.begin(type, encodeCLIXML(value), pipeline: .zero)
            message.appendNext(to: &fragments, largest: CarriageTraits.outOfProcess.largestFragment)
        }
        var bytes: [UInt8] = []
        OutOfProcessElement(.data(.standard, fragments), .zero).write(to: &bytes)
        return bytes
    }
}
