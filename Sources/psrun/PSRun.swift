import Glibc
import PSRunCommands

@main
struct PSRun {
    @MainActor
    static func main() async {
        exit(await Main.run(arguments: Array(CommandLine.arguments.dropFirst())))
    }
}
