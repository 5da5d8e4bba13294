import PSRunCommands
import Processes

@main
struct PSRun {
    @MainActor
    static func main() async {
        ThisProcess.leave(await Main.run(arguments: Array(CommandLine.arguments.dropFirst())))
    }
}
