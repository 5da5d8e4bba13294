package import PSRP
package import WSManEnvelope

extension WSManError {
    /// As a session hears it.
    package var asPSRPError: PSRPError {
        let kind: PSRPError.Code =
            switch code {
            case .tooLarge: .limit
            case .malformed, .notWSMan: .malformedElement
            case .outputLost: .malformedFragment
            case .protocolVersion: .protocolVersion
            case .shellLost, .connectionLost, .unknownWhetherSent, .timedOut: .ended
            case .accessDenied, .configurationUnknown, .busy, .encryptionRequired, .redirected, .refused: .farSide
            }
        return PSRPError(kind, message)
    }
}
