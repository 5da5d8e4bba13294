import Files
import Glibc
import Testing

@testable import Processes

struct ProcessStateTests {
    @Test("A process that was stopped is told from one that runs, one that has ended and one that never was")
    func stopped() throws {
        let nowhere = FileDescriptor(owning: open("/dev/null", O_RDWR | O_CLOEXEC))
        let plan = ChildProcessPlan(executable: "/bin/sleep", arguments: ["100"])
        let child = try ChildProcess(plan, standardInput: nowhere, standardOutput: nowhere, standardError: nowhere)
        let number = try #require(child.livingNumber)
        #expect(!ProcessState.isStopped(number) && !child.isStopped)
        for (signal, isStopped) in [(SIGSTOP, true), (SIGCONT, false)] {
            kill(number, signal)
            for _ in 0..<1_000 where ProcessState.isStopped(number) != isStopped { usleep(5_000) }
            // Asked twice: nothing is taken from whoever asks next.
            #expect(ProcessState.isStopped(number) == isStopped && child.isStopped == isStopped)
            #expect(child.isStopped == isStopped && child.peekAtEnd() == nil)
        }
        _ = child.endNow(.immediate)
        #expect(child.livingNumber == nil && !ProcessState.isStopped(number))
        #expect(!ProcessState.isStopped(0) && !ProcessState.isStopped(-1))
    }
}
