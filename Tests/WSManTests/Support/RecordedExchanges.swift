import CLIXML
import Foundation
import PSRP
import PSRunTestSupport
import WSMan
import WSManEnvelope

/// What a real server and a client said to each other, message by message: a PowerShell behind OMI's server, and Windows
/// (recorded for pypsrp's tests; Fixtures/windows/NOTICE).
struct RecordedExchanges {
    struct Message: Decodable {
        let conn: Int
        let dir: String
        let start: String
        let headers: [String]
        let body: String?

        var status: Int { start.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0 }
        var contentType: String {
            headers.first.map { String($0.drop { $0 != " " }.dropFirst()) } ?? ""
        }
        var bytes: [UInt8] { Array((body ?? "").utf8) }
    }

    /// Requests that can be read, each with its answer.
    private(set) var exchanges: [(request: ServerRequest, answer: Message)] = []
    /// The answers to what cannot be read as a request.
    private(set) var others: [Message] = []

    static let names = [
        "omi/disconnect", "omi/host-call", "omi/input", "omi/oddities", "omi/pwsh-opening", "omi/stop",
        "omi/two-pipelines", "windows/host-call", "windows/server-2008", "windows/timeouts",
    ]

    init(_ name: String) throws {
        let path = PackageRoot.path + "/Tests/WSManTests/Fixtures/\(name).jsonl"
        var asked: [Int: Message] = [:]
        for line in try String(contentsOf: URL(filePath: path), encoding: .utf8).split(separator: "\n") {
            let message = try JSONDecoder().decode(Message.self, from: Data(line.utf8))
            if message.dir == "c2s" {
                asked[message.conn] = message
            } else if let bytes = asked.removeValue(forKey: message.conn)?.bytes,
                let request = try? ServerRequest(bytes)
            {
                exchanges.append((request, message))
            } else {
                others.append(message)
            }
        }
    }
}

/// A recorded session as a server: each of a client's exchanges gets the answer that one of its kind got, of the same
/// command, in the recorded order. The client's own MessageIDs are put into them; shell and commands have the names that
/// the recorded server gave them, and the client takes those.
struct RecordedServer {
    private var answers: [(key: String, message: RecordedExchanges.Message)] = []
    private var waiting: [(key: String, exchange: Exchange)] = []
    /// What the client sent, by label.
    private(set) var labels: [String] = []

    init(_ recorded: RecordedExchanges) {
        answers = recorded.exchanges.map { ($0.request.operation.key, $0.answer) }
    }

    mutating func take(_ exchange: Exchange) throws {
        let operation = try ServerRequest(exchange.envelope).operation
        labels.append(operation.label)
        waiting.append((operation.key, exchange))
    }

    /// The next answer that was recorded for any exchange that waits.
    mutating func next() throws -> (ExchangeID, ExchangeOutcome)? {
        // Not every recorded client gave its pipelines up.
        let isUnanswered = { [answers] (key: String) in
            key.hasPrefix("Signal Terminate") && !answers.contains { $0.key == key }
        }
        if let place = waiting.firstIndex(where: { isUnanswered($0.key) }) {
            return (waiting.remove(at: place).exchange.id, .unknownWhetherSent("not recorded"))
        }
        for (index, answer) in answers.enumerated() {
            guard let place = waiting.firstIndex(where: { $0.key == answer.key }) else { continue }
            answers.remove(at: index)
            let exchange = waiting.remove(at: place).exchange
            let id = try ServerRequest(exchange.envelope).messageID.description.uppercased()
            let body = answer.message.body ?? ""
            let own = body.replacing(/RelatesTo>uuid:[0-9A-Fa-f-]{36}</, with: "RelatesTo>uuid:\(id)<")
            return (
                exchange.id,
                .answered(
                    status: answer.message.status,
                    contentType: answer.message.contentType,
                    body: Array(own.utf8)
                )
            )
        }
        return nil
    }
}

extension WSManOperation {
    /// Its label, and the command it is for.
    fileprivate var key: String {
        switch self {
        case .send(_, let commandID, _), .receive(let commandID): "\(label) \(commandID ?? "")"
        case .signal(let commandID, _): "\(label) \(commandID)"
        default: label
        }
    }
}
