/// Why a process cannot be entered.
package enum PipeFailure: Error, Sendable, Hashable {
    case noProcess(Int32)
    case notListening(Int32, looked: [String])
    case noPipe(String, looked: [String])
    case missing(String)
    /// Somebody else made it: whoever listens there is not this user.
    case foreign(String, owner: String)
    case notSocket(String)
    /// What a killed process left behind.
    case stale(String)
    case system(String, reason: String)

    /// Whether a server between two clients may be all that it is: it makes its file anew.
    var mayPass: Bool {
        switch self {
        case .stale, .missing, .noPipe, .notListening: true
        case .noProcess, .foreign, .notSocket, .system: false
        }
    }

    package var message: String {
        switch self {
        case .noProcess(let id):
            "there is no process with id \(id) on this computer. `psrun processes` lists those that can be entered."
        case .notListening(let id, let looked):
            "process \(id) is not a PowerShell that listens: it has no pipe in \(looked.joined(separator: ", ")). `psrun "
                + "processes` lists those that can be entered."
        case .noPipe(let name, let looked):
            "there is no pipe of the name \(name) in \(looked.joined(separator: ", ")). Start PowerShell with "
                + "-CustomPipeName \(name), or give the pipe's path."
        case .missing(let path): "there is no pipe \(path)."
        case .foreign(let path, let owner):
            "the pipe \(path) belongs to \(owner), not to you. Only one's own processes are entered; become that user first."
        case .notSocket(let path): "\(path) is not a pipe that a PowerShell listens on."
        case .stale(let path):
            "nobody listens on the pipe \(path) any more: its process has ended, or is between two clients. Try again, or "
                + "see `psrun processes`."
        case .system(let path, let reason): "the pipe \(path) cannot be used: \(reason)."
        }
    }
}
