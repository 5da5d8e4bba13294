import Connections

/// Why a container cannot be entered.
enum ContainerFailure: Error, Sendable, Hashable {
    case noEngine(ContainerEngine.Kind?)
    case engineFailed(String)
    /// Neither an id nor a name; perhaps the beginning of an id.
    case unknown(beginningOf: String?, remark: String)
    case ambiguous([String])
    case notRunning(state: String)
    case paused
    case notStarted(words: String)
    case noConfiguration(String)

    var code: TransportError.Code {
        switch self {
        case .noEngine: .containerEngineMissing
        case .engineFailed: .containerEngineFailed
        case .unknown: .containerUnknown
        case .ambiguous: .containerAmbiguous
        case .notRunning: .containerNotRunning
        case .paused: .containerPaused
        case .notStarted: .containerExecFailed
        case .noConfiguration: .configurationUnusable
        }
    }

    var phase: ConnectionPhase {
        switch self {
        case .noEngine: .engine
        case .engineFailed, .unknown, .ambiguous, .notRunning, .paused: .inspect
        case .notStarted, .noConfiguration: .exec
        }
    }

    /// - Parameter name: the container's, as it was given.
    func message(_ name: String) -> String {
        switch self {
        case .noEngine(let kind?):
            "\(kind.rawValue) was not found in PATH. Install it, or leave --container-engine out."
        case .noEngine(nil): "neither docker nor podman nor nerdctl was found in PATH. Install one of them."
        case .engineFailed(let words): "the container engine does not tell of \(name): \(words)"
        case .unknown(let other?, let remark):
            "'\(name)' is only the beginning of an id, that of \(other). Give the whole id, or the name.\(remark)"
        case .unknown(nil, let remark):
            "there is no container with the id or the name '\(name)'.\(remark) `docker ps -a` or `podman ps -a` lists them."
        case .ambiguous(let others):
            "'\(name)' may be any of \(others.joined(separator: ", ")). Give the whole id, or --container-engine."
        case .notRunning(let state): "the container does not run: its state is '\(state)'. Start it first."
        case .paused: "the container is paused. Unpause it first."
        case .notStarted(let words):
            "no shell can be started in the container: \(words) A session needs /bin/sh there."
        case .noConfiguration(let configuration):
            "-ConfigurationName \(configuration) is a session configuration of PowerShell's, which is not in the container's "
                + "PATH. Leave it out."
        }
    }

    /// - Parameter place: what was to be entered.
    func error(_ place: ContainerPlace) -> TransportError {
        TransportError(code, phase: phase, "\(place.label): \(message(place.container))")
    }
}
