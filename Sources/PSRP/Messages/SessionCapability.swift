package import CLIXML

/// What both sides say of their versions first (MS-PSRP 2.2.2.1).
package struct SessionCapability: Sendable, Hashable {
    /// The oldest and the newest protocol versions that this module speaks.
    package static let oldest = PSVersionNumber(2, 1)
    package static let newest = PSVersionNumber(2, 4)
    /// From here on a secure string travels in the clear, and nothing is left to exchange keys for.
    static let plainSecureStrings = PSVersionNumber(2, 4)
    /// From here on a pipeline may have several statements.
    static let severalStatements = PSVersionNumber(2, 2)

    static let ownPSVersion = PSVersionNumber(2, 0)
    static let ownSerializationVersion = PSVersionNumber(1, 1, 0, 1)

    package var protocolVersion: PSVersionNumber
    var psVersion = Self.ownPSVersion
    var serializationVersion = Self.ownSerializationVersion

    package init(protocolVersion: PSVersionNumber) {
        self.protocolVersion = protocolVersion
    }

    package init(value: PSValue) throws(PSRPError) {
        protocolVersion = try value.version("protocolversion")
        psVersion = try value.version("PSVersion")
        serializationVersion = try value.version("SerializationVersion")
    }

    package var value: PSValue {
        .properties([
            ("protocolversion", .version(protocolVersion)),
            ("PSVersion", .version(psVersion)),
            ("SerializationVersion", .version(serializationVersion)),
        ])
    }
}

extension PSVersionNumber {
    var major: Int32 { components.first ?? 0 }
}

extension PSValue {
    fileprivate func version(_ name: String) throws(PSRPError) -> PSVersionNumber {
        switch try required(name).unwrapped {
        case .version(let version): return version
        case .string(let text):
            let numbers = text.text.split(separator: ".", omittingEmptySubsequences: false).map { Int32($0) }
            guard (2...4).contains(numbers.count), !numbers.contains(nil) else { fallthrough }
            return PSVersionNumber(components: numbers.compactMap(\.self))
        default: throw PSRPError(.malformedBody, "A message's \(name) is not a version.")
        }
    }
}
