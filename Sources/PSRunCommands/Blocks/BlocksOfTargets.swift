import Playbooks
import RecordingFormat
import Reports
import Synchronization

/// The blocks that each target's parser cut a playbook into, as they come in.
final class BlocksOfTargets: Sendable {
    private let cuts = Mutex<[Int: BlockList.Target]>([:])

    func take(_ blocks: [PlaybookBlock], cutBy cutter: BlockCutter, of target: String, at index: Int) {
        cuts.withLock { $0[index] = BlockList.Target(name: target, cutter: cutter, blocks: blocks) }
    }

    /// In the order of the targets; without those that were not asked.
    var targets: [BlockList.Target] {
        cuts.withLock { cuts in cuts.sorted { $0.key < $1.key }.map(\.value) }
    }
}
