import CLIXML
import Foundation
import PSRP
import PSRunTestSupport
import Testing

@testable import PSRPEndpoint

/// What the real client's Invoke-Command sends, and what becomes of it (ways-in/t2-real).
@Suite("The real client's pipelines become lines that mean the same")
struct CapturedRequestTests {
    private struct Line: Decodable {
        let dir: String
        let line: String
    }

    /// Each CREATE_PIPELINE of a capture, the debugger's set-up aside.
    private static func requests(of capture: String) async throws -> [PipelineRequest] {
        let path = "\(PackageRoot.path)/Tests/IntegrationTests/Fixtures/captures/\(capture).wire.jsonl.xz"
        let unpacked = try await ChildProgram.run(["/usr/bin/xz", "-dc", path])
        var session = ServerSession(configuration: ServerConfiguration())
        var carriage = OutOfProcessServerCarriage(limits: SessionLimits())
        var requests: [PipelineRequest] = []
        for row in unpacked.standardOutput.split(separator: UInt8(ascii: "\n")) {
            let line = try JSONDecoder().decode(Line.self, from: Data(row))
            guard line.dir == "c2s", line.line != "<eof>" else { continue }
            carriage.receive(Array(line.line.utf8))
            while let request = try carriage.next() { try session.receive(request) }
            while let event = session.nextEvent() {
                switch event {
                case .opened: session.openPool(privateData: [])
                case .createPipeline(_, let request): requests.append(request)
                default: break
                }
            }
        }
        return requests.filter { !$0.statements[0][0].text.text.hasPrefix("__Set-PS") }
    }

    @Test("Numbers, wildcards, assignments and scripts' arguments arrive; what cannot is refused")
    func lines() async throws {
        let tasks = try await Self.requests(of: "ways-in/t2-real").map { EndpointTask($0) }
        let texts = tasks.map { task in
            switch task {
            case .shell(let shell): shell.text
            case .refused(let message): "refused: " + message
            default: "\(task)"
            }
        }
        let expected = [
            "sleep 5", "echo 2\njobs\nps -ef | grep '[s]leep 5'", " if (1) { sleep 4 & } ",
            "ls /etc/host*", "ls -d ~", "FOO=bar env", "echo 1KB 0x10 1.50 -5", "echo a b",
            "ls -la:x '--color=never' /tmp/x/b/f.ps1",
            "echo 'a;b'", "echo 'it'\\''s'", "echo 'a\tb'", "sudo -n true", "export 'A=5'", "env | grep '^A='",
            " echo $(hostname) ", " echo a && echo b ", "cd /tmp", "pwd",
        ]
        for text in expected { #expect(texts.contains(text), "\(text)") }
        let refused = texts.filter { $0.hasPrefix("refused: ") }
        for reason in ["$args", "$using:", "param"] { #expect(refused.contains { $0.contains(reason) }, "\(reason)") }
        #expect(refused.count == 3)
        let file = try #require(texts.first { $0.contains("from-file") })
        #expect(file.hasSuffix("psrun_line 'echo from-file\necho $1\n' a1"))
    }
}
