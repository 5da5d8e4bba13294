package import CLIXML

/// Where identifiers come from: passed in, so that a session can be played again byte for byte.
package protocol IdentifierSource: Sendable {
    mutating func nextIdentifier() -> PSGuid
}
