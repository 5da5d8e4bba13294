package import Connections

extension ConnectionPhase {
    /// The look for an engine's program.
    package static let engine = ConnectionPhase(
        "engine",
        position: 50,
        activity: "looking for a container engine in PATH",
        suspicion: "a folder of PATH may be on a disk that does not answer"
    )
    /// The engine's answer which container that is, and whether it runs.
    package static let inspect = ConnectionPhase(
        "inspect",
        position: 55,
        activity: "asking the container engine for the container",
        suspicion: "the engine, or the service behind it, does not answer"
    )
    /// From the start of a program in the container to its first word.
    package static let exec = ConnectionPhase(
        "exec",
        position: 60,
        activity: "starting a shell in the container",
        suspicion: "the container may be short of processes or memory"
    )

    /// The phases of this way in, in their order.
    package static let ofContainers = [engine, inspect, exec]
}

extension TransportError.Code {
    /// No program of a container engine is in PATH.
    package static let containerEngineMissing = Self(rawValue: "ContainerEngineMissing")
    /// An engine does not do what it is asked for.
    package static let containerEngineFailed = Self(rawValue: "ContainerEngineFailed")
    package static let containerUnknown = Self(rawValue: "ContainerUnknown")
    /// The text names several containers.
    package static let containerAmbiguous = Self(rawValue: "ContainerAmbiguous")
    package static let containerNotRunning = Self(rawValue: "ContainerNotRunning")
    package static let containerPaused = Self(rawValue: "ContainerPaused")
    /// Nothing can be started in the container.
    package static let containerExecFailed = Self(rawValue: "ContainerExecFailed")
    /// -ConfigurationName is PowerShell's, which the container does not have.
    package static let configurationUnusable = Self(rawValue: "ConfigurationUnusable")
}
