import HTTPMessages
import PSRP
import PSRunTestSupport
import WSMan

@testable import CLIXML
@testable import WSManEnvelope

/// The bounds of what a WinRM server answers.
enum WinRMBounds {
    private static let limits = EnvelopeLimits()
    private static let http = HTTPLimits(envelope: limits.envelope)

    static let cases: [String: BoundCase] = [
        "an answer's envelope": BoundCase(limit: "\(limits.largestAnswer) bytes") {
            let room = limits.largestAnswer - envelope("").count
            try read(String(repeating: " ", count: room))
            return said { () throws(EnvelopeError) in try read(String(repeating: " ", count: room + 1)) }
        },
        "elements within elements of an answer": BoundCase(limit: "\(limits.depth)") {
            // Envelope and body are two of them.
            func nested(_ depth: Int) -> String {
                String(repeating: "<a>", count: depth - 2) + String(repeating: "</a>", count: depth - 2)
            }
            try read(nested(limits.depth))
            return said { () throws(EnvelopeError) in try read(nested(limits.depth + 1)) }
        },
        "elements of an answer": BoundCase(limit: "\(limits.elements)") {
            try read(String(repeating: "<a/>", count: limits.elements - 2))
            return said { () throws(EnvelopeError) in try read(String(repeating: "<a/>", count: limits.elements - 1)) }
        },
        "namespaces that an answer binds": BoundCase(limit: "\(XMLReader.bindingLimit)") {
            // The prefix xml and the envelope's own are two of them.
            func bind(_ count: Int) -> String {
                "<a \((0..<count - 2).map { "xmlns:p\($0)='u'" }.joined(separator: " "))/>"
            }
            try read(bind(XMLReader.bindingLimit))
            return said { () throws(EnvelopeError) in try read(bind(XMLReader.bindingLimit + 1)) }
        },
        "a fault's words, and its detail": BoundCase(limit: "\(limits.faultText) bytes") {
            for count in [limits.faultText, limits.faultText + 1] {
                let text = String(repeating: "x", count: count)
                let body =
                    "<s:Fault><s:Reason><s:Text>\(text)</s:Text></s:Reason><s:Detail>\(text)</s:Detail></s:Fault>"
                guard case .fault(let fault) = try WSManReply(envelope(body), to: .delete).answer,
                    fault.reason.utf8.count == limits.faultText, fault.detail?.utf8.count == limits.faultText
                else { return "it is not" }
            }
            return "it is cut"
        },
        "an answer's head, and all lines between its chunks": BoundCase(limit: "\(http.head >> 10) KiB") {
            let rest = "Content-Length: 0\r\n\r\n"
            let room = http.head - start.utf8.count - "X: \r\n".utf8.count - rest.utf8.count
            func head(_ count: Int) -> String { start + "X: \(String(repeating: "x", count: count))\r\n" + rest }
            try receive(head(room))
            return said { () throws(HTTPFault) in try receive(head(room + 1)) }
        },
        "fields of an answer": BoundCase(limit: "\(http.fields)") {
            func head(_ count: Int) -> String {
                start + String(repeating: "X: x\r\n", count: count - 1) + "Content-Length: 0\r\n\r\n"
            }
            try receive(head(http.fields))
            return said { () throws(HTTPFault) in try receive(head(http.fields + 1)) }
        },
        "interim answers before an answer": BoundCase(limit: "\(http.interim)") {
            func head(_ count: Int) -> String {
                String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: count) + start + "Content-Length: 0\r\n\r\n"
            }
            try receive(head(http.interim))
            return said { () throws(HTTPFault) in try receive(head(http.interim + 1)) }
        },
        "attempts to go on waiting for output": BoundCase(limit: "5") {
            var carriage = WSManClientCarriage(endpoint: endpoint, identifiers: CountingIdentifiers())
            var receive = try exchange(carriage.ask(.connect(shellID: "S", [1])))
            let connected = "<ConnectResponse><connectResponseXml></connectResponseXml></ConnectResponse>"
            receive = try exchange(
                carriage.heard(
                    receive.id,
                    .answered(
                        status: 200,
                        contentType: "application/soap+xml",
                        // The carriage's second identifier is its first message's.
                        body: envelope(connected, relatesTo: "11112222-3333-4444-0000-000000000002")
                    )
                )
            )
            for _ in 0..<5 { receive = try exchange(carriage.heard(receive.id, .unknownWhetherSent("reset"))) }
            _ = carriage.heard(receive.id, .unknownWhetherSent("reset"))
            return "`\(carriage.failure?.code.rawValue ?? "")`"
        },
        "attempts to send what has not left yet": BoundCase(limit: "3") {
            var carriage = WSManClientCarriage(endpoint: endpoint, identifiers: CountingIdentifiers())
            var create = try exchange(carriage.send([.open([1])]))
            for _ in 0..<2 { create = try exchange(carriage.heard(create.id, .notSent("refused"))) }
            _ = carriage.heard(create.id, .notSent("refused"))
            return "`\(carriage.failure?.code.rawValue ?? "")`"
        },
    ]

    private static let endpoint = WSManEndpoint(address: "http://web01:5985/wsman", host: "web01")
    private static let start = "HTTP/1.1 200 OK\r\n"

    private struct NoExchange: Error {}

    private static func exchange(_ progress: WSManProgress) throws -> Exchange {
        for case .exchange(let exchange) in progress.actions { return exchange }
        throw NoExchange()
    }

    private static func envelope(_ body: String, relatesTo: String? = nil) -> [UInt8] {
        let address = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
        let header = relatesTo.map { "<s:Header><RelatesTo xmlns='\(address)'>uuid:\($0)</RelatesTo></s:Header>" }
        return Array(
            "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope'>\(header ?? "")<s:Body>\(body)</s:Body></s:Envelope>"
                .utf8
        )
    }

    private static func read(_ body: String) throws(EnvelopeError) {
        _ = try WSManReply(envelope(body), to: .delete)
    }

    private static func receive(_ text: String) throws(HTTPFault) {
        var reader = HTTPResponseReader(limits: http)
        reader.begin()
        _ = try reader.feed(Array(text.utf8))
    }

    private static func said(_ work: () throws(EnvelopeError) -> Void) -> String {
        do throws(EnvelopeError) { try work() } catch {
            return error.code == .tooLarge ? "`LimitExceeded`" : "malformed"
        }
        return "nothing"
    }

    private static func said(_ work: () throws(HTTPFault) -> Void) -> String {
        do throws(HTTPFault) { try work() } catch { return error.code == .tooLarge ? "`LimitExceeded`" : "malformed" }
        return "nothing"
    }
}
