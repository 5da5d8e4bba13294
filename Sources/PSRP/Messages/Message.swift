package import CLIXML

/// A PSRP message (MS-PSRP 2.2.1): a little-endian header of 40 bytes, and a body of CLIXML.
package struct Message: Sendable, Hashable {
    package enum Destination: UInt32, Sendable, Hashable {
        case client = 1
        case server = 2
    }

    package static let headerSize = 40

    package var destination: Destination
    package var type: MessageType
    /// All zero in some of a server's messages, so not to be compared.
    package var runspacePoolID: PSGuid
    /// Zero for the pool's own.
    package var pipelineID: PSGuid
    /// CLIXML in UTF-8; empty for END_OF_PIPELINE_INPUT and for a null.
    package var body: [UInt8]

    package init(
        _ type: MessageType,
        to destination: Destination,
        runspacePoolID: PSGuid,
        pipelineID: PSGuid = .zero,
        body: [UInt8]
    ) {
        self.destination = destination
        self.type = type
        self.runspacePoolID = runspacePoolID
        self.pipelineID = pipelineID
        self.body = body
    }

    /// - Throws: `.malformedMessage`
    package init(decoding bytes: [UInt8]) throws(PSRPError) {
        guard bytes.count >= Self.headerSize else {
            throw PSRPError(.malformedMessage, "A message of \(bytes.count) bytes is shorter than its header.")
        }
        let number = Self.word(bytes[...], 0)
        guard let destination = Destination(rawValue: number) else {
            throw PSRPError(.malformedMessage, "A message has the unknown destination \(number).")
        }
        guard let type = MessageType(rawValue: Self.typeNumber(bytes[...])) else {
            let number = String(Self.typeNumber(bytes[...]), radix: 16)
            throw PSRPError(.malformedMessage, "A message has the unknown type 0x\(number).")
        }
        self.init(
            type,
            to: destination,
            runspacePoolID: PSGuid(mixedEndian: bytes[8..<24]),
            pipelineID: PSGuid(mixedEndian: bytes[24..<40]),
            body: Array(bytes[Self.headerSize...])
        )
    }

    /// The type's number in a message's first bytes, of which there are 8 or more.
    package static func typeNumber(_ header: ArraySlice<UInt8>) -> UInt32 { word(header, 4) }

    private static func word(_ bytes: ArraySlice<UInt8>, _ start: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[bytes.startIndex + start + $1]) << UInt32($1 * 8) }
    }

    package var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.headerSize + body.count)
        for word in [destination.rawValue, type.rawValue] {
            for shift in stride(from: UInt32(0), through: 24, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        bytes += runspacePoolID.mixedEndianBytes
        bytes += pipelineID.mixedEndianBytes
        bytes += body
        return bytes
    }

    /// Decodes the body.
    /// - Throws: `.malformedBody`, `.limit`
    package func value(limits: CLIXMLLimits) throws(PSRPError) -> PSValue {
        do throws(CLIXMLError) {
            return try decodeCLIXML(body, limits: limits)
        } catch {
            let code: PSRPError.Code =
                switch error.code {
                case .tooLarge, .tooDeep, .tooManyValues: .limit
                case .malformed, .unknownElement, .invalidValue, .unknownReference: .malformedBody
                }
            throw PSRPError(
                code,
                "The body of a \(type.wireName) message cannot be read: \(error.message) (byte \(error.offset))."
            )
        }
    }
}
