import EventLoops
import Files
import Threads

/// What psrun needs of the system, looked at before anything begins: where it is short of threads or descriptors, libraries
/// wait for ever or end the process.
enum SystemRoom {
    /// What any verb needs: Swift's threads have some of their own.
    private static let descriptors = 16
    /// Lanes, writers, the recorder's, the one for signals, and Swift's own for timers.
    private static let threads = 13
    /// What a run has beside its targets and its loops.
    private static let descriptorsOfRun = 24
    private static let descriptorsOfLoop = 2
    /// A socket or pipes, and what it takes for a while to make them: a proxy's, an agent's, a key's, a name server's.
    private static let descriptorsOfTarget = 8

    /// What is lacking, and the way out; nil for nothing.
    static var lack: String? {
        let room = DescriptorRoom.make(for: descriptors)
        guard room >= descriptors else { return "cannot begin: \(lackOf(descriptors, room))" }
        // Swift has a thread for each processor, and so has a run.
        let threads = threads + LoopGroup.processors + min(LoopGroup.processors, 4)
        guard ThreadRoom.isEnough(for: threads) else {
            return "cannot begin: psrun needs \(threads) threads, and the system does not let it have them. Raise "
                + "`ulimit -u`, or end other processes of this user."
        }
        return nil
    }

    /// How many targets can run at once; 0 for none.
    /// - Parameter count: how many are wanted.
    static func targets(atMost count: Int) -> Int {
        let fixed = descriptorsOfRun + descriptorsOfLoop * min(count, LoopGroup.processors)
        let room = DescriptorRoom.make(for: fixed + descriptorsOfTarget * count)
        return max(0, min(count, (room - fixed) / descriptorsOfTarget))
    }

    /// Why not one target can run.
    static var lackForTarget: String {
        let needed = descriptorsOfRun + descriptorsOfLoop + descriptorsOfTarget
        return lackOf(needed, DescriptorRoom.make(for: needed))
    }

    private static func lackOf(_ needed: Int, _ room: Int) -> String {
        "psrun needs \(needed) open files beside those that it was started with, and may have \(room). Raise `ulimit -n`."
    }
}
