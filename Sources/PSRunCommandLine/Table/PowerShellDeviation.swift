/// Where psrun takes Enter-PSSession's parameters otherwise than PowerShell: all of it. The binder follows it, the
/// manual prints it, and the test against PowerShell's own answers allows nothing else.
package enum PowerShellDeviation: Sendable, Hashable, CaseIterable {
    case oneLetterIsUnix
    case operandIsPlaybook
    case nothingIsLocal
    case connectingTimeoutIsLocalToo
    case optionsAreKeyValue
    case hostNameRepeats
    case hostNameIsWhole
    case containersRepeat
    case neverAsks
    case processIsATargetToo
    case checksAreSkippedByName
    case commonParameters

    /// The least letters of a prefix; below, it is a Unix option.
    package static let shortestPrefix = 2

    /// The parameters that select no set when they stand alone.
    package static let localParameters: Set<String> = ["ConnectingTimeout"]

    /// What is not a parameter of Enter-PSSession.
    package static let ownParameters: Set<String> = ["CustomPipeName", "SkipCACheck", "SkipCNCheck"]

    /// One or two sentences for the manual.
    package var sentence: String {
        switch self {
        case .oneLetterIsUnix:
            "One letter after one dash is a Unix option, never a parameter's prefix."
        case .operandIsPlaybook:
            "No parameter is positional: the operand is the playbook."
        case .nothingIsLocal:
            "Without any parameter, the session is on this computer."
        case .connectingTimeoutIsLocalToo:
            "-ConnectingTimeout also bounds a session on this computer, and a kept one; 0 is refused, a negative value is unlimited."
        case .optionsAreKeyValue:
            "A parameter that takes an object in PowerShell takes text here (-Options KEY=VALUE) and may be given several times."
        case .hostNameRepeats:
            "-HostName may be given several times, and may name a list: -, @FILE or a range; so may -ComputerName, a range, and "
                + "-ConnectionUri."
        case .hostNameIsWhole:
            "An IPv6 zone is kept, a user is taken as written, and a path, query or fragment is refused, not dropped."
        case .containersRepeat:
            "-ContainerId may be given several times, and takes a container's name as well as its whole id."
        case .neverAsks:
            "A missing mandatory parameter is an error; psrun never asks for it."
        case .processIsATargetToo:
            "-CustomPipeName, of Enter-PSHostProcess, names a target as well."
        case .checksAreSkippedByName:
            "-SkipCACheck and -SkipCNCheck, of New-PSSessionOption, may stand by themselves."
        case .commonParameters:
            "Of the common parameters, psrun has -Verbose, -Debug and -ErrorAction (Continue or Stop)."
        }
    }
}
