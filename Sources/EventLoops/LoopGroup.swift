import CLinux
package import Files
import Glibc
import Synchronization

/// The loops of one run: one for each processor that this process may use, unless another number is given.
///
/// A target stays on the loop that it was given, with its connection, its proxy and its process; what targets share is
/// reached from every loop. Closed by its owner.
package final class LoopGroup: Sendable {
    package let loops: [EventLoop]
    private let placement: Mutex<LoopPlacement>

    /// - Parameters:
    ///   - count: at least 1; nil for one loop for each processor.
    ///   - name: of the threads, with a number behind where there are several; 12 bytes at most.
    ///   - stalls: told of what takes too long on one of the loops; nil costs nothing.
    /// - Throws: NoDescriptor, also where the system has not one thread. No thread is left then.
    package init(
        count: Int? = nil,
        name: String = "psrun-loop",
        stalls: StallObserver? = nil
    ) throws(NoDescriptor) {
        let count = max(1, count ?? Self.processors)
        var ports: [(LoopMailbox, FileDescriptor)] = []
        for _ in 0..<count { ports.append(try EventLoop.makePorts()) }
        let made = ports.enumerated().map { index, ports in
            EventLoop(name: count == 1 ? name : "\(name)-\(index)", mailbox: ports.0, epoll: ports.1, stalls: stalls)
        }
        // Fewer loops do as well.
        loops = Array(made.prefix { $0.begin() })
        guard !loops.isEmpty else { throw NoDescriptor(code: EAGAIN) }
        placement = Mutex(LoopPlacement(count: loops.count, at: .now))
    }

    /// The number of the loop for the next target. `leave` is to be told when the target has ended.
    package func next() -> Int {
        placement.withLock { $0.next(at: .now) { loops.reduce(.zero) { $0 + $1.processorTime } } }
    }

    /// A target that `next` gave this number has ended.
    package func leave(_ number: Int) { placement.withLock { $0.leave(number) } }

    /// Ends the loops' threads and closes their descriptors; returns when that is done. Whatever lived on the loops must be
    /// over: what is left on them is let go without being run.
    package func close() async {
        for loop in loops { loop.stop() }
        for loop in loops { await loop.waitForEnd() }
    }

    /// How many processors this process may use; 1 where the system does not tell.
    package static var processors: Int { max(1, Int(psrun_usable_processors())) }
}
