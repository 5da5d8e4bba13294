package import CLIXML
import PSRP

/// Identifiers that count up, so that a session is the same byte for byte each time.
package struct CountingIdentifiers: IdentifierSource {
    private var last: UInt64 = 0

    package init() {}

    package mutating func nextIdentifier() -> PSGuid {
        last += 1
        return PSGuid(high: 0x1111_2222_3333_4444, low: last)
    }
}
