import CLIXML

/// Begins the messages that one side sends.
struct MessageFragmenter: Sendable {
    let destination: Message.Destination
    var runspacePoolID: PSGuid
    private var splitter = FragmentSplitter()

    init(to destination: Message.Destination, runspacePoolID: PSGuid) {
        self.destination = destination
        self.runspacePoolID = runspacePoolID
    }

    mutating func begin(_ type: MessageType, _ body: [UInt8], pipeline: PSGuid) -> MessageInFragments {
        let message = Message(
            type,
            to: destination,
            runspacePoolID: runspacePoolID,
            pipelineID: pipeline,
            body: body
        )
        return splitter.begin(message.encoded)
    }
}
