import CShellGuard
import Testing

struct ShellGuardTests {
    /// In a container, each process that was started from outside it is of session 0, this one perhaps among them.
    @Test(
        "Where the shell could not be made, its session has no number, and nobody is signalled in its place",
        arguments: [-1, 0, 1]
    )
    func noSession(number: Int32) {
        #expect(guard_signal_session(number, 0, 0, 0) == 0)
    }
}
