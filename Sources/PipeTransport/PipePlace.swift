/// Which local PowerShell is entered through its pipe, as Enter-PSHostProcess does.
package enum PipePlace: Sendable, Hashable {
    /// The process of this id.
    case process(Int32)
    /// What `-CustomPipeName` of pwsh made.
    case name(String)
    case path(String)

    /// Reads a pipe's name, or its path where it has a slash.
    package init(nameOrPath: String) {
        self = nameOrPath.contains("/") ? .path(nameOrPath) : .name(nameOrPath)
    }

    /// What results, messages and recordings call it.
    package var label: String {
        switch self {
        case .process(let id): "process:\(id)"
        case .name(let name): "pipe:\(name)"
        case .path(let path): "pipe:\(path)"
        }
    }
}
