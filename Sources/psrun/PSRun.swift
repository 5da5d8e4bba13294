import PSRunCommands

@main
struct PSRun {
    static func main() async {
        print(Version.current)
    }
}
