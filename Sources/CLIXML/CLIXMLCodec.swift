/// Decodes one CLIXML document: one element, with or without a byte order mark, a declaration or comments before it.
/// - Returns: the value; `.null` for an empty body.
package func decodeCLIXML(_ bytes: [UInt8], limits: CLIXMLLimits = .standard) throws(CLIXMLError) -> PSValue {
    var decoder = try Decoder(bytes, limits: limits)
    return try decoder.document()
}

/// Encodes one value as a CLIXML document, without byte order mark, as PowerShell's own serializer writes it.
///
/// An object that occurs more than once (one and the same, not only an equal one) is written once and referred to
/// afterwards, as PowerShell does. U+FFFE and U+FFFF, which its serializer refuses, are escaped.
package func encodeCLIXML(_ value: PSValue) -> [UInt8] {
    var encoder = Encoder()
    encoder.output.reserveCapacity(2 << 10)
    encoder.write(value)
    return encoder.output
}
