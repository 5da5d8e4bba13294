import Glibc
import PSRunCommands

@main
struct PSRun {
    @MainActor
    static func main() async {
        let status = await Main.run(arguments: Array(CommandLine.arguments.dropFirst()))
        // No exit(): it tears the C libraries down while threads that are ending still use them.
        fflush(nil)
        _exit(status)
    }
}
