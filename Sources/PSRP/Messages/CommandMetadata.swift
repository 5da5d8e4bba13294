package import CLIXML

/// GET_COMMAND_METADATA (MS-PSRP 2.2.2.14).
extension CommandMetadataRequest {
    /// The message's body.
    package var value: PSValue {
        .properties([
            ("Name", .object(PSObject(typeNames: Self.stringArray, base: .list(names.map { .string($0) })))),
            ("CommandType", .int32(commandTypes)),
            ("Namespace", .null),
            ("FullyQualifiedModule", .null),
            ("ArgumentList", .null),
        ])
    }

    /// - Throws: `.malformedBody`
    package init(value: PSValue) throws(PSRPError) {
        let names = try value.required("Name")
        self.init(
            names: names.isNull ? [] : (names.elements ?? [names]).compactMap(\.text),
            commandTypes: try value.requiredInt32("CommandType")
        )
    }

    private static let stringArray = ["System.String[]", "System.Array", "System.Object"]
}
