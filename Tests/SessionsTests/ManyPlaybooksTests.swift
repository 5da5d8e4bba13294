import CLIXML
import Foundation
import PSRP
import PSRunTestSupport
import Playbooks
import Testing

@testable import Sessions

/// 200 playbooks, each made of texts whose parts a PowerShell 7.6.9 told (PlaybooksTests/Fixtures/blocks.jsonl), run
/// against a model of a PowerShell that knows their parts.
@Suite("Many playbooks")
struct ManyPlaybooksTests {
    private struct Sample: Decodable {
        let text: String
        let blocks: [[Int]]
        let errors: [[Value]]
        let parts: [Int]

        enum Value: Decodable {
            case any
            init(from decoder: any Decoder) { self = .any }
        }

        /// Whether it means the same behind other text and before it: it has no errors, no frame of the script's own, and
        /// ends with its last line.
        var isSelfContained: Bool {
            let kinds = stride(from: 0, to: parts.count, by: 3).map { parts[$0] }
            return errors.isEmpty && !blocks.isEmpty && kinds.allSatisfy { [0, 1, 5, 6].contains($0) }
                && text.hasSuffix("\n") && !text.contains("\0") && !text.hasSuffix("`\n")
        }

        var isTypesAlone: Bool { stride(from: 0, to: parts.count, by: 3).contains { parts[$0] == 6 } }
    }

    @Test("Each block is sent whole, once, in order and as it stands in the file; 200 playbooks", arguments: [20])
    func sentWhole(seed: UInt64) throws {
        let path = PackageRoot.path + "/Tests/PlaybooksTests/Fixtures/blocks.jsonl"
        let samples = try Data(contentsOf: URL(filePath: path)).split(separator: UInt8(ascii: "\n"))
            .map { try JSONDecoder().decode(Sample.self, from: $0) }
            .filter { $0.isSelfContained && !$0.isTypesAlone }
        #expect(samples.count > 60)
        var random = SplitMix64(seed: seed)
        for _ in 0..<200 {
            var (text, parts, blocks) = ("", [Int](), [String]())
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                let sample = samples[Int.random(in: 0..<samples.count, using: &random)]
                let offset = text.utf16.count
                for index in stride(from: 0, to: sample.parts.count, by: 3) {
                    parts += [sample.parts[index], sample.parts[index + 1] + offset, sample.parts[index + 2] + offset]
                }
                let lines = try Playbook(bytes: Array(sample.text.utf8)).lines
                for block in sample.blocks {
                    blocks.append(PlaybookBlock(lines: lines[(block[0] - 1)...(block[1] - 1)]).text)
                }
                text += sample.text
                let note = "<# a\nnote #>"
                let between = ["", "\n", "# a note\n", note + "\n"].randomElement(using: &random) ?? ""
                if between.hasPrefix(note) { parts += [5, text.utf16.count, text.utf16.count + note.utf16.count] }
                text += between
            }
            let client = try play(text, parts, blocks)
            #expect(client.breaches.isEmpty, "seed \(seed): \(text.debugDescription)")
            #expect(client.expected.isEmpty, "seed \(seed): not sent of \(text.debugDescription)")
            #expect(client.lines == blocks.count)
        }
    }

    private func play(_ text: String, _ parts: [Int], _ blocks: [String]) throws -> ModelPowerShell {
        let options = SessionOptions(target: "web01", label: "web01", computerName: "web01")
        var session = PlaybookSession(
            client: ModelPowerShell(text, parts, blocks),
            playbook: try Playbook(bytes: Array(text.utf8)),
            options: options,
            at: .after(.zero)
        )
        session.open(at: .after(.zero))
        session.client.tell(.opened(PSVersionNumber(2, 4)))
        repeat { session.receive([], at: .after(.zero)) } while session.client.hasEvents && !session.isFinished
        #expect(session.isFinished)
        return session.client
    }
}
