import PSRunCommandLine
import PipeTransport
import RecordingFormat
import Reports
import Threads

/// `psrun processes`: this user's PowerShells on this computer, by their ids.
enum ProcessesCommand {
    static func run(_ invocation: ProcessesInvocation, console: VerbConsole) async -> Int32 {
        await onOwnThread {
            let found = HostProcess.all(in: HostProcess.folders(environment: console.environment))
            let rows = found.map { ProcessList.Row(id: $0.id, name: $0.name, pipe: $0.pipe) }
            switch invocation.format {
            case .json: _ = console.writeBytes(ProcessList(rows).json.indented)
            case .text where rows.isEmpty: console.warn("No PowerShell of yours runs on this computer.")
            case .text: _ = console.write(ProcessList(rows).text)
            }
            return ExitCode.allWell.number
        }
    }
}
