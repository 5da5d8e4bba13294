package import Files
import Glibc

/// Signals of this process: a handler, which may do little more than that, writes the number of each to a pipe.
package enum SignalPipe {
    /// Made before a handler is; -1 where the system had no descriptors for it.
    private static let pipe: (reading: Int32, writing: Int32, code: Int32) = {
        do throws(NoDescriptor) {
            let pipe = try FileDescriptor.makePipe()
            // A handler may run until the very end.
            return (pipe.reading.release(), pipe.writing.release(), 0)
        } catch {
            return (-1, -1, error.code)
        }
    }()

    /// Makes the pipe where there is none yet.
    /// - Throws: NoDescriptor: signals cannot be handled then, and do what they do to any process.
    package static func open() throws(NoDescriptor) {
        guard pipe.code == 0 else { throw NoDescriptor(code: pipe.code) }
    }

    /// Where the numbers can be read, a byte each.
    package static var reading: Int32 { pipe.reading }

    /// Begins to write a signal to the pipe. One that this process was started without (nohup, a shell's background)
    /// stays ignored.
    package static func handle(_ number: Int32) {
        guard pipe.code == 0, !isIgnored(number) else { return }
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { number in
            let saved = errno
            var byte = UInt8(truncatingIfNeeded: number)
            _ = write(SignalPipe.pipe.writing, &byte, 1)
            errno = saved
        }
        action.sa_flags = SA_RESTART
        sigaction(number, &action, nil)
    }

    /// Lets a signal do what it does to any process; one that is ignored stays so.
    package static func release(_ number: Int32) {
        if !isIgnored(number) { signal(number, SIG_DFL) }
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var current = sigaction()
        sigaction(number, nil, &current)
        return unsafeBitCast(current.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
