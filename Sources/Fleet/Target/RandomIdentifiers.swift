package import CLIXML
import PSRP

/// Random GUIDs (RFC 9562, version 4).
package struct RandomIdentifiers: IdentifierSource {
    package init() {}

    package mutating func nextIdentifier() -> PSGuid {
        PSGuid(
            high: UInt64.random(in: .min ... .max) & ~0xF000 | 0x4000,
            low: UInt64.random(in: .min ... .max) & ~(3 << 62) | 2 << 62
        )
    }
}
