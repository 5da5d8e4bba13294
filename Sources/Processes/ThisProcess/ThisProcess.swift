import CLinux
import Glibc

/// What the process itself has: its environment, and its standard output and error.
package enum ThisProcess {
    package static var environment: [String: String] {
        ProcessEnvironment.variables
    }

    /// Ends this program, and first what it has started and nobody waits for any more. Not by exit(3): it tears the C
    /// libraries down while threads that are ending still use them.
    package static func leave(_ status: Int32) -> Never {
        SignalWatch.goOnUnlessLeaving()
        LivingProcesses.endRest(within: .milliseconds(500))
        _exit(status)
    }

    /// Has memory that large values took given back when they are gone. To be called before there are any.
    package static func keepLittleMemory() { psrun_keep_little_memory() }

    /// Takes the numbers of standard input, output and error where the process was started without them: no file of a
    /// recording, and no connection, may become what is written for a person. To be called before anything is opened;
    /// writing there fails as it would without.
    package static func holdStandardDescriptors() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            _ = open("/dev/null", O_RDONLY)
        }
    }

    /// Has the system tell how children end. A parent that ignores SIGCHLD hands that down, and then nobody can wait for one
    /// (wait(2), NOTES).
    package static func keepChildrensEnds() {
        signal(SIGCHLD, SIG_DFL)
    }

    /// Writes all of a text of psrun's own, with signs that the locale has; blocks while nobody reads it.
    /// - Returns: false where it cannot be written, as when nobody reads it any more.
    package static func write(_ text: String, to descriptor: Int32) -> Bool {
        write(Array(OutputCharset.shown(text).utf8), to: descriptor)
    }

    package static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        failure(ofWriting: bytes, to: descriptor) == 0
    }

    /// - Returns: why not all could be written; 0 where it was.
    package static func failure(ofWriting bytes: [UInt8], to descriptor: Int32) -> Int32 {
        SignalWatch.goOnUnlessLeaving()
        var bytes = bytes[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return count < 0 ? errno : EIO }
            bytes = bytes.dropFirst(count)
        }
        return 0
    }
}
