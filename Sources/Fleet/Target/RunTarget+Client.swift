import PSRP
import WinRMParameters

extension RunTarget {
    /// What a session with it says and takes, where that differs from all others.
    func configured(_ shared: ClientConfiguration) -> ClientConfiguration {
        guard let options = winRM?.options, !options.applicationArguments.isEmpty || options.receivedObjectBytes != nil
        else { return shared }
        var limits = shared.limits
        limits.messageBytes = min(limits.messageBytes, options.receivedObjectBytes ?? limits.messageBytes)
        return ClientConfiguration(
            host: shared.host,
            protocolVersion: shared.protocolVersion,
            limits: limits,
            arguments: options.applicationArguments.map { ($0.name, $0.value) }
        )
    }
}
