import CLIXML

extension WSManEndpoint {
    /// For what an envelope may hold that is not counted here: another length of a server's names for shell and command.
    private static let room = 256

    /// The most bytes that one operation can carry as base64 in an envelope of this size: what is left beside the largest
    /// header and body of Create, Command, Send and Connect.
    package func payloadBudget(envelope: Int) -> Int {
        let name = PSGuid.zero.description
        let operations: [WSManOperation] = [
            .create(shellID: name, creationXml: []),
            .command(commandID: name, arguments: []),
            .send(.standard, commandID: name, []),
            .connect([]),
        ]
        let overhead = operations.map { size(of: $0, envelope: envelope) }.max() ?? 0
        return max(Self.room, (envelope - overhead - Self.room) / 4 * 3)
    }

    private func size(of operation: WSManOperation, envelope: Int) -> Int {
        WSManRequest(
            endpoint: self,
            messageID: .zero,
            sessionID: .zero,
            shellID: PSGuid.zero.description,
            envelopeSize: envelope,
            operation: operation
        ).encoded.count
    }
}
