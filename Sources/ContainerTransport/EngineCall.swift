import Connections
import EventLoops
import ProcessTransport
import Processes

/// One call of an engine's program, for what it prints.
struct EngineCall: Sendable {
    let program: String
    let arguments: [String]

    /// What it said. Standard error may hold warnings where all is well.
    struct Answer: Sendable, Hashable {
        var output = ""
        var words = ""
        var isWell = false
        var isTooLong = false
    }

    /// In bytes, of one stream: tens of thousands of containers.
    static let longestAnswer = 8 << 20
    /// What is said of a longer one.
    static let tooLong = "its answer is longer than \(longestAnswer >> 20) MiB, and is not read."

    /// - Parameter target: for the message of a timeout.
    /// - Throws: TransportError where it does not start, or has not ended by the deadline; CancellationError.
    func answer(on loop: EventLoop, _ deadline: ConnectingDeadline?, for target: String) async throws -> Answer {
        let process = LocalProcess(loop: loop)
        do {
            let plan = ChildProcessPlan(executable: program, arguments: arguments)
            try await process.start(plan, in: .inspect, deadline: deadline)
            await process.closeInput()
            await process.bound(by: deadline, of: target, in: .inspect)
            let answer = try await read(process)
            await process.end(by: .prompt)
            return answer
        } catch {
            await process.end(by: .hasty)
            throw error
        }
    }

    private func read(_ process: LocalProcess) async throws -> Answer {
        var (output, errors): ([UInt8], [UInt8]) = ([], [])
        while true {
            switch try await process.inbox.receive() {
            case .output(let bytes): output += bytes
            case .diagnostics(let bytes): errors = errors.count < Words.most ? errors + bytes : errors
            case .end(let status):
                let text = String(decoding: output, as: UTF8.self)
                return Answer(output: text, words: Words.of(errors), isWell: status == .code(0))
            }
            if output.count > Self.longestAnswer { return Answer(isTooLong: true) }
        }
    }
}

/// What a program wrote on its standard error, for the middle of a message.
enum Words {
    /// More bytes than this are not read.
    static let most = 64 << 10

    /// The last lines, as one sentence.
    static func of(_ bytes: [UInt8]) -> String {
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).suffix(2)
        let text = lines.joined(separator: " ").prefix(500)
        guard let last = text.last else { return "it said nothing." }
        return ".!?".contains(last) ? String(text) : text + "."
    }
}
