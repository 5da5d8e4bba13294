package import Playbooks
package import RecordingFormat

/// The blocks of a playbook, as `blocks` tells them.
package struct BlockList {
    /// What one target's parser said.
    package struct Target: Sendable {
        fileprivate let name: String
        fileprivate let cutter: BlockCutter?
        fileprivate let blocks: [PlaybookBlock]
        private let failure: RecordedFailure?

        /// - Parameters:
        ///   - cutter: nil for a target that could not be entered, or whose answer could not be used.
        ///   - blocks: none where the target could not be asked, or found a syntax error.
        ///   - failure: what went wrong there.
        package init(name: String, cutter: BlockCutter?, blocks: [PlaybookBlock], failure: RecordedFailure? = nil) {
            self.name = name
            self.cutter = cutter
            self.blocks = blocks
            self.failure = failure
        }

        /// What is to be said of a target that could not be asked; nil for one that was, or could not be entered.
        package var whyNotCut: String? {
            guard case .incremental(let reason)? = cutter else { return nil }
            return "\(name): where blocks end is found only as lines run, since \(reason.text)"
        }

        /// Whether it has a shell, and so no parser of PowerShell's.
        package var isPOSIXShell: Bool { cutter == .incremental(.posixShell) }

        /// Why it has no blocks; nil where it has them.
        fileprivate var error: RecordedFailure? {
            failure ?? whyNotCut.map { RecordedFailure(code: "BlocksNotAsked", message: $0) }
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
        targets.filter { $0.error == nil }.map { target in
            var table = TextTable(rightAligned: [0])
            for block in target.blocks {
                let lines =
                    block.firstLine == block.lastLine ? "\(block.firstLine)" : "\(block.firstLine)-\(block.lastLine)"
                table.add([lines, block.lines.first { $0.number == block.statementLine }?.text ?? ""])
            }
            let count = target.blocks.count == 1 ? "1 block" : "\(target.blocks.count) blocks"
            let heading = targets.count > 1 ? ["=== \(target.name): \(count)"] : []
            return (heading + table.lines).map { $0 + "\n" }.joined()
        }.joined()
    }

    /// By the names of the machine-readable result, of every target.
    package var json: JSONValue {
        .record([.playbook: .string(playbook), .targets: .array(targets.map { .object(Self.members(of: $0)) })])
    }

    /// The same as an object for each target.
    package var jsonLines: [JSONValue] {
        targets.map { .object([JSONMember(.playbook, .string(playbook))] + Self.members(of: $0)) }
    }

    private static func members(of target: Target) -> [JSONMember] {
        [
            JSONMember(.target, .string(target.name)),
            JSONMember(.error, target.error?.json ?? .null),
            JSONMember(.blocks, .optional(target.cutter?.name)),
            JSONMember(.steps, .array(target.blocks.map(json))),
        ]
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
