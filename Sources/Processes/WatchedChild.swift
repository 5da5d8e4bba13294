package import EventLoops
import Files
import Glibc
import Threads

/// A child that a loop watches and ends. Confined to the loop.
package final class WatchedChild {
    private let child: ChildProcess
    private let loop: EventLoop
    private let whenOver: (ProcessEnd?) -> Void
    private var watch: DescriptorToken?
    private var timer: TimerToken?
    private var steps: ArraySlice<Teardown.Step> = []
    private var isEnding = false
    private var isTold = false

    /// - Parameter whenOver: called once, on the loop, when the child has ended and was reaped; with nil where it did not
    ///   end even when it was killed, or the system does not tell how it ended.
    /// - Throws: WatchFailure where the loop cannot tell of its end: it is killed then, since nobody could wait for it.
    package init(
        _ child: ChildProcess,
        on loop: EventLoop,
        whenOver: @escaping (ProcessEnd?) -> Void
    ) throws(WatchFailure) {
        self.child = child
        self.loop = loop
        self.whenOver = whenOver
        // It keeps itself until the child has ended: it is reaped even where nobody waits for that any more.
        do {
            watch = try loop.add(child.ending.raw, .readable) { _ in self.reap() }
        } catch {
            Lane.files.submit {
                child.signalGroup(SIGKILL)
                _ = child.reap()
            }
            throw error
        }
    }

    /// Begins to end the child, once; `whenOver` tells when that is done.
    package func end(by teardown: Teardown) {
        guard watch != nil, !isEnding else { return }
        isEnding = true
        steps = teardown.steps[...]
        takeStep()
    }

    private func takeStep() {
        guard let step = steps.popFirst() else {
            return wait(Teardown.lastPatience) { $0.tell(nil) }
        }
        guard step.patience > .zero else { return send(step.signal) }
        wait(step.patience) { $0.send(step.signal) }
    }

    private func send(_ signal: Int32) {
        child.signalGroup(signal)
        takeStep()
    }

    private func wait(_ patience: Duration, _ action: @escaping (WatchedChild) -> Void) {
        timer = loop.schedule(at: .now + patience) { action(self) }
    }

    private func reap() {
        if let watch { loop.remove(watch) }
        if let timer { loop.cancel(timer) }
        (watch, timer) = (nil, nil)
        tell(child.reap())
    }

    private func tell(_ end: ProcessEnd?) {
        guard !isTold else { return }
        isTold = true
        whenOver(end)
    }
}
