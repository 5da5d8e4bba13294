import CLinux
import Glibc

/// How many more descriptors this process can have (setrlimit(2), RLIMIT_NOFILE).
package enum DescriptorRoom {
    /// Makes room for so many more: raises the soft limit where that is needed, as far as the hard one lets it. What this
    /// process starts has the same limit.
    /// - Precondition: standard input is open, if only to /dev/null.
    /// - Returns: for how many there is room now, `count` at most.
    package static func make(for count: Int) -> Int {
        let room = available(count)
        guard room < count else { return room }
        guard psrun_raise_descriptor_limit(UInt(count)) == 0 else { return room }
        return available(count)
    }

    /// Some may be open that nobody here knows of: so it is tried.
    private static func available(_ count: Int) -> Int {
        var numbers: [Int32] = []
        while numbers.count < count, case let number = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0), number >= 0 {
            numbers.append(number)
        }
        for number in numbers { close(number) }
        return numbers.count
    }
}
