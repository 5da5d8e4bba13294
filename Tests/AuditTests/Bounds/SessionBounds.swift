import CLIXML
import PSRP
import PSRunTestSupport
import Playbooks
import Redaction
import Testing

@testable import Sessions

/// The bounds of a session, as a client has them and as `psrun endpoint` has them.
enum SessionBounds {
    private static let client = SessionLimits.ofClient
    private static let server = SessionLimits.ofServer
    private static let xml = CLIXMLLimits.standard

    static let cases: [String: BoundCase] = [
        "a message from a far side, all its fragments together": BoundCase(limit: mebibytes(client.messageBytes)) {
            try message(within: client)
        },
        "a message from a client of `psrun endpoint`": BoundCase(limit: mebibytes(server.messageBytes)) {
            try message(within: server)
        },
        "messages that a client sent too early, or did not finish": BoundCase(limit: mebibytes(server.unusedBytes)) {
            try earlyMessages()
        },
        "messages that are begun and not whole": BoundCase(limit: "\(client.openMessages)") {
            var fragments = FragmentReassembler(limits: client)
            func begin(_ number: Int) throws(PSRPError) { _ = try fragments.receive(fragment(number, 0, 1, [0])) }
            for number in 1...client.openMessages { try begin(number) }
            return code { () throws(PSRPError) in try begin(client.openMessages + 1) }
        },
        "pipelines that a client has open": BoundCase(limit: "\(server.openPipelines)") {
            var endpoint = OutOfProcessServer(configuration: ServerConfiguration())
            func open(_ number: Int) throws(PSRPError) {
                try endpoint.receive(element(.command, PSGuid(high: 9, low: UInt64(number))))
            }
            for number in 1...server.openPipelines { try open(number) }
            return code { () throws(PSRPError) in try open(0) }
        },
        "host calls of one pipeline without an answer": BoundCase(limit: "\(client.openHostCalls)") { try hostCalls() },
        "a line of out-of-process framing": BoundCase(limit: mebibytes(client.lineBytes)) {
            func read(_ count: Int) throws(PSRPError) {
                var decoder = OutOfProcessDecoder(side: .client, limits: client)
                decoder.receive(element(.commandAck, PSGuid(high: 1, low: 1)))
                _ = try decoder.next()
                decoder.receive([0x3C] + [UInt8](repeating: 0x20, count: count - 1))
                _ = try decoder.next()
            }
            try read(client.lineBytes)
            return code { () throws(PSRPError) in try read(client.lineBytes + 1) }
        },
        "attributes of an element of that framing": BoundCase(limit: "2") {
            func read(_ attributes: String) throws(PSRPError) {
                var decoder = OutOfProcessDecoder(side: .client, limits: client)
                decoder.receive(element(.commandAck, PSGuid(high: 1, low: 1)))
                decoder.receive(Array("<Data \(attributes)>AAAA</Data>\n".utf8))
                while try decoder.next() != nil {}
            }
            let two = "Stream='Default'  PSGuid='00000000-0000-0000-0000-000000000000'"
            try read(two)
            return code { () throws(PSRPError) in try read("\(two) More=''") }
        },
        "text before the first element": BoundCase(limit: "\(client.noiseBytes >> 10) KiB") {
            func read(_ count: Int) throws(PSRPError) {
                var decoder = OutOfProcessDecoder(side: .client, limits: client)
                decoder.receive(Array(String(repeating: "x", count: 1023).utf8) + [0x0A])
                for _ in 1..<count >> 10 { decoder.receive(Array(String(repeating: "x", count: 1023).utf8) + [0x0A]) }
                decoder.receive([UInt8](repeating: 0x78, count: count & 1023) + [0x0A])
                while try decoder.next() != nil {}
            }
            return code { () throws(PSRPError) in try read(client.noiseBytes + 1) }
        },
        "objects within objects": BoundCase(limit: "\(xml.depth)") {
            func nested(_ depth: Int) -> String {
                String(repeating: "<Obj><LST>", count: depth) + String(repeating: "</LST></Obj>", count: depth)
            }
            try decode(nested(xml.depth))
            return code { () throws(PSRPError) in try decode(nested(xml.depth + 1)) }
        },
        "values of one document": BoundCase(limit: "\(xml.values)") {
            // A list of a thousand values, repeated by references, and some more.
            func list(_ values: Int) -> String {
                let thousand = String(repeating: "<Nil />", count: 999)
                let references = String(repeating: #"<Ref RefId="1" />"#, count: values / 1000 - 1)
                let rest = String(repeating: "<Nil />", count: values % 1000)
                return #"<Obj><LST><Obj RefId="1"><LST>\#(thousand)</LST></Obj>\#(references)\#(rest)</LST></Obj>"#
            }
            try decode(list(xml.values - 1))
            return code { () throws(PSRPError) in try decode(list(xml.values)) }
        },
        "a secure string": BoundCase(limit: "\(xml.secureStringBytes) bytes") {
            func secret(_ count: Int) -> String {
                let groups = String(repeating: "AAAA", count: count / 3)
                return "<SS>\(groups)\(["", "AA==", "AAA="][count % 3])</SS>"
            }
            try decode(secret(xml.secureStringBytes))
            return code { () throws(PSRPError) in try decode(secret(xml.secureStringBytes + 1)) }
        },
        "an answer to psrun's own questions, all its values together": BoundCase(
            limit: mebibytes(PipelineOutputs.mostSentBytes)
        ) {
            var outputs = PipelineOutputs()
            let value = PSValue.bytes([UInt8](repeating: 0, count: 1 << 20))
            for _ in 0..<PipelineOutputs.mostSentBytes >> 20 { try outputs.append(value) }
            return code { () throws(PSRPError) in try outputs.append(.bytes([0])) }
        },
        "fields of one prompt": BoundCase(limit: "\(HostDialogue.mostItems)") {
            #expect(!isRefused(fields: HostDialogue.mostItems))
            #expect(isRefused(fields: HostDialogue.mostItems + 1))
            return "the prompt is refused"
        },
        "what a host calls secret, in all its forms": BoundCase(limit: "\(Redactor.mostValueBytes >> 10) KiB") {
            func notices(ofValueOf bytes: Int) -> [RedactionNotice] {
                var redactor = Redactor { _ in "#" }
                redactor.hold(value: [UInt8](repeating: 0x61, count: bytes))
                return redactor.takeNotices()
            }
            #expect(notices(ofValueOf: Redactor.mostValueBytes).isEmpty)
            let told = notices(ofValueOf: Redactor.mostValueBytes + 1)
            return told == [.tooManyValues] ? "it is said that no more is held" : ""
        },
        "values that a host calls secret": BoundCase(limit: "\(Redactor.mostValues)") {
            var redactor = Redactor { _ in "#" }
            for number in 0..<Redactor.mostValues { redactor.hold(value: Array("\(number + 10_000)".utf8)) }
            #expect(redactor.takeNotices().isEmpty)
            redactor.hold(value: Array("one more".utf8))
            return redactor.takeNotices() == [.tooManyValues] ? "it is said that no more is held" : ""
        },
        "lines of one block": BoundCase(limit: "\(options.maximumBlockLines)") {
            let most = options.maximumBlockLines
            func code(ofBlockWith lines: Int) throws -> String? {
                let text = String(repeating: "x\n", count: lines)
                var source = StepSource(try Playbook(bytes: Array(text.utf8)), incremental)
                _ = source.next()
                while let growth = source.extend() {
                    if case .never(_, let why) = growth, why.contains("\(most)") { return why }
                    if case .never = growth { return nil }
                }
                return nil
            }
            #expect(try code(ofBlockWith: most) == nil)
            return try code(ofBlockWith: most + 1) == nil ? "" : "`\(TargetFailure.openBlock("a", why: "b").code)`"
        },
        "what a step's result keeps of its output": BoundCase(limit: mebibytes(StepResult.outputBytes)) {
            var step = StepResult(firstLine: 1, lastLine: 1, text: "x", outcome: .ok)
            step.write(late: String(repeating: "x", count: StepResult.outputBytes - 1))
            #expect(step.output.utf8.count == StepResult.outputBytes - 1)
            step.write(late: "xx")
            return step.output.contains("a step's result keeps 16 MiB of its output")
                ? "the result says that it is cut" : ""
        },
    ]

    private static let options = SessionOptions(target: "", label: "", computerName: "")
    private static var incremental: SessionOptions {
        var options = options
        options.blockRule = .incremental
        return options
    }

    // MARK: What is sent

    private static func message(within limits: SessionLimits) throws -> String {
        func receive(_ count: Int) throws(PSRPError) {
            var fragments = FragmentReassembler(limits: limits)
            _ = try fragments.receive(fragment(1, 0, 1, [UInt8](repeating: 0, count: count - 1)))
            _ = try fragments.receive(fragment(1, 1, 2, [0]))
        }
        try receive(limits.messageBytes)
        return code { () throws(PSRPError) in try receive(limits.messageBytes + 1) }
    }

    /// Each of two streams has half of it.
    private static func earlyMessages() throws -> String {
        var endpoint = OutOfProcessServer(configuration: ServerConfiguration())
        func send(_ bytes: Int, to number: UInt64) throws(PSRPError) {
            var (sent, index) = (0, 0)
            while sent < bytes {
                let piece = [UInt8](repeating: 0, count: min(bytes - sent, 512 << 10))
                let data = fragment(Int(number), index, index == 0 ? 1 : 0, piece)
                try endpoint.receive(element(.data(.standard, data), PSGuid(high: 9, low: number)))
                sent += piece.count
                index += 1
            }
        }
        for number in 1...3 as ClosedRange<UInt64> {
            try endpoint.receive(element(.command, PSGuid(high: 9, low: number)))
        }
        return code { () throws(PSRPError) in
            for number in 1...3 as ClosedRange<UInt64> { try send(server.unusedBytes / 2, to: number) }
        }
    }

    private static func hostCalls() throws -> String {
        var peer = OutOfProcessServer(configuration: ServerConfiguration())
        var own = OutOfProcessClient(identifiers: Numbers())
        own.open()
        try peer.receive(own.bytesToSend())
        peer.openPool(privateData: [])
        try own.receive(peer.bytesToSend())
        func ask() throws(PSRPError) {
            _ = peer.session.callHost(.readLine, [], pipeline: nil)
            try own.receive(peer.bytesToSend())
        }
        for _ in 0..<client.openHostCalls { try ask() }
        return code { () throws(PSRPError) in try ask() }
    }

    private static func isRefused(fields: Int) -> Bool {
        let field = PSValue.properties([("name", .string("a")), ("label", .string("a"))])
        let call = HostCall(
            callID: 1,
            method: .prompt,
            parameters: [.string(""), .string(""), .list(Array(repeating: field, count: fields))],
            pipeline: nil
        )
        var dialogue = HostDialogue(options)
        return dialogue.take(call, isStopping: false, at: .zero).contains { action in
            if case .reply(.refused(_, let name), _) = action { name == "PromptTooLarge" } else { false }
        }
    }

    private static func fragment(_ object: Int, _ number: Int, _ flags: UInt8, _ content: [UInt8]) -> [UInt8] {
        func bytes(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> ((count - 1 - $0) * 8)) }
        }
        return bytes(object, 8) + bytes(number, 8) + [flags] + bytes(content.count, 4) + content
    }

    private static func element(_ kind: OutOfProcessElement.Kind, _ target: PSGuid) -> [UInt8] {
        var bytes: [UInt8] = []
        OutOfProcessElement(kind, target).write(to: &bytes)
        return bytes
    }

    private static func decode(_ body: String) throws(PSRPError) {
        let message = Message(.pipelineOutput, to: .client, runspacePoolID: .zero, body: Array(body.utf8))
        _ = try message.value(limits: xml)
    }

    // MARK: What is said

    private static func mebibytes(_ bytes: Int) -> String { "\(bytes >> 20) MiB" }

    /// The name that a session's failure has for an error.
    private static func code(_ body: () throws(PSRPError) -> Void) -> String {
        do throws(PSRPError) { try body() } catch { return "`\(TargetFailure(error, from: .subsystem).code)`" }
        return ""
    }

    private struct Numbers: IdentifierSource {
        private var count: UInt64 = 0

        mutating func nextIdentifier() -> PSGuid {
            count += 1
            return PSGuid(high: 1, low: count)
        }
    }
}
