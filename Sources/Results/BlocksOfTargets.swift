import Playbooks
import RecordingFormat
package import Reports
import Sessions
import Synchronization

/// The blocks that each target's parser cut a playbook into, as they come in.
package final class BlocksOfTargets: Sendable {
    private struct State {
        var cuts: [Int: (cutter: BlockCutter, blocks: [PlaybookBlock])] = [:]
        var targets: [Int: BlockList.Target] = [:]
    }

    private let state = Mutex(State())

    func take(_ blocks: [PlaybookBlock], cutBy cutter: BlockCutter, at index: Int) {
        state.withLock { $0.cuts[index] = (cutter, blocks) }
    }

    /// The target's session is over.
    func finish(_ result: TargetResult, of target: String, at index: Int) {
        let failure = result.failure.map { RecordedFailure(code: $0.code, message: $0.message) }
        state.withLock { state in
            let cut = state.cuts[index]
            state.targets[index] = BlockList.Target(
                name: target,
                cutter: cut?.cutter,
                blocks: cut?.blocks ?? [],
                failure: failure
            )
        }
    }

    package init() {}

    /// In their order.
    package var targets: [BlockList.Target] {
        state.withLock { state in state.targets.sorted { $0.key < $1.key }.map(\.value) }
    }
}
