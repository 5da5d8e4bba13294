import Glibc
import PSRunCommands
import Processes

@main
struct PSRun {
    /// Not `async`: Swift's own threads begin only once it is known that the system has any.
    static func main() {
        Main.start(arguments: Array(CommandLine.arguments.dropFirst())) { ThisProcess.leave($0) }
        // Other threads end the process; this one is left to signals.
        while true { pause() }
    }
}
