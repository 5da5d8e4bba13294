import CLIXML
import Foundation
import PSRP
import Testing

/// The blobs of a captured key exchange, and the secure string that came after it.
struct CapturedExchange {
    let publicKeyBlob: [UInt8]
    let sessionKeyBlob: [UInt8]
    let secureString: [UInt8]

    init(_ capture: Capture) throws {
        publicKeyBlob = try Self.publicKeyBlob(in: capture.bytes(.toServer).flatMap(\.self))
        let received = try messages(
            in: capture.bytes(.toClient).filter { $0.first == UInt8(ascii: "<") }.flatMap(\.self)
        )
        sessionKeyBlob = try Self.blob(.encryptedSessionKey, "EncryptedSessionKey", in: received)
        let output = try #require(received.first { $0.type == .pipelineOutput })
        guard case .secureString(let bytes) = try output.value(limits: .standard) else {
            throw PSRPError(.malformedBody, "the output is not a secure string")
        }
        secureString = bytes
    }

    static func publicKeyBlob(in bytes: [UInt8]) throws -> [UInt8] {
        try blob(.publicKey, "PublicKey", in: messages(in: bytes))
    }

    private static func blob(_ type: MessageType, _ member: String, in messages: [Message]) throws -> [UInt8] {
        let message = try #require(messages.first { $0.type == type })
        let text = try #require(try message.value(limits: .standard)[member]?.text)
        return Array(try #require(Data(base64Encoded: text)))
    }
}
