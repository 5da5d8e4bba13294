package import Playbooks
package import RecordingFormat

/// The blocks of a playbook, as `blocks` tells them.
package struct BlockList {
    /// What one target's parser said.
    package struct Target: Sendable {
        fileprivate let name: String
        fileprivate let cutter: BlockCutter
        fileprivate let blocks: [PlaybookBlock]

        /// - Parameter blocks: none where the target could not be asked.
        package init(name: String, cutter: BlockCutter, blocks: [PlaybookBlock]) {
            self.name = name
            self.cutter = cutter
            self.blocks = blocks
        }

        /// What is to be said of a target that could not be asked; nil for one that was.
        package var whyNotCut: String? {
            guard case .incremental(let reason) = cutter else { return nil }
            return "\(name): where blocks end is found only as lines run, since \(reason.text)"
        }
    }

    private let playbook: String
    package let targets: [Target]

    /// - Parameter playbook: its path.
    package init(playbook: String, targets: [Target]) {
        self.playbook = playbook
        self.targets = targets
    }

    /// A line for each block: its lines, and the first of its statement. Several targets have a heading each.
    package var text: String {
        targets.filter { $0.whyNotCut == nil }.map { target in
            var table = TextTable(rightAligned: [0])
            for block in target.blocks {
                let lines =
                    block.firstLine == block.lastLine ? "\(block.firstLine)" : "\(block.firstLine)-\(block.lastLine)"
                table.add([lines, block.lines.first { $0.number == block.statementLine }?.text ?? ""])
            }
            let heading = targets.count > 1 ? ["=== \(target.name): \(target.blocks.count) blocks"] : []
            return (heading + table.lines).map { $0 + "\n" }.joined()
        }.joined()
    }

    /// By the names of the machine-readable result.
    package var json: JSONValue {
        .record([
            .playbook: .string(playbook),
            .targets: .array(
                targets.map { target in
                    .record([
                        .target: .string(target.name),
                        .blocks: .string(target.cutter.name),
                        .steps: .array(target.blocks.map(Self.json)),
                    ])
                }
            ),
        ])
    }

    private static func json(of block: PlaybookBlock) -> JSONValue {
        .record([
            .firstLine: .integer(Int64(block.firstLine)),
            .line: .integer(Int64(block.statementLine)),
            .lastLine: .integer(Int64(block.lastLine)),
            .text: .string(block.text),
        ])
    }
}
