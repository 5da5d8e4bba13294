import Glibc
import Processes
import Synchronization

/// A line below all that is written to a terminal. Whatever is written there takes its place; nothing of it is left then.
///
/// The cursor stands at its beginning, so that a terminal which is made narrower, and breaks it in two, has both parts
/// behind the cursor.
package final class StatusLine: Sendable {
    private let descriptor: Int32
    private let isDrawn = Mutex(false)
    private let isPaused = Atomic(false)

    package init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    private static let erasing = "\r\u{1B}[J"

    /// Shows a line, in the place of the one before; blocks for as long as the terminal takes nothing.
    /// - Parameter text: of fewer cells than the terminal has columns, and of no control characters.
    func draw(_ text: String) {
        isDrawn.withLock { isDrawn in
            guard !isPaused.load(ordering: .acquiring) else { return }
            isDrawn = ThisProcess.write("\r\(text)\u{1B}[J\r", to: descriptor)
        }
    }

    /// Writes something else to the terminal.
    func giveWay(to write: () -> Void) {
        isDrawn.withLock { isDrawn in
            if isDrawn { _ = ThisProcess.write(Self.erasing, to: descriptor) }
            isDrawn = false
            write()
        }
    }

    /// Shows nothing more until it is resumed. What stands there goes when something else is written, be it nothing.
    package func pause() { isPaused.store(true, ordering: .releasing) }

    package func resume() { isPaused.store(false, ordering: .releasing) }

    /// Goes at once, where nobody is just writing.
    package func leave() {
        pause()
        _ = isDrawn.withLockIfAvailable { isDrawn in
            if isDrawn { _ = ThisProcess.write(Self.erasing, to: descriptor) }
            isDrawn = false
        }
    }
}
