/// The kinds of PSRP messages (MS-PSRP 2.2.1).
package enum MessageType: UInt32, Sendable, Hashable, CaseIterable {
    case sessionCapability = 0x0001_0002
    case closeSession = 0x0001_0003
    case initRunspacePool = 0x0001_0004
    case publicKey = 0x0001_0005
    case encryptedSessionKey = 0x0001_0006
    case publicKeyRequest = 0x0001_0007
    case connectRunspacePool = 0x0001_0008
    case setMaxRunspaces = 0x0002_1002
    case setMinRunspaces = 0x0002_1003
    case runspaceAvailability = 0x0002_1004
    case runspacePoolState = 0x0002_1005
    case createPipeline = 0x0002_1006
    case getAvailableRunspaces = 0x0002_1007
    case userEvent = 0x0002_1008
    case applicationPrivateData = 0x0002_1009
    case getCommandMetadata = 0x0002_100A
    case runspacePoolInitData = 0x0002_100B
    case resetRunspaceState = 0x0002_100C
    case runspacePoolHostCall = 0x0002_1100
    case runspacePoolHostResponse = 0x0002_1101
    case pipelineInput = 0x0004_1002
    case endOfPipelineInput = 0x0004_1003
    case pipelineOutput = 0x0004_1004
    case errorRecord = 0x0004_1005
    case pipelineState = 0x0004_1006
    case debugRecord = 0x0004_1007
    case verboseRecord = 0x0004_1008
    case warningRecord = 0x0004_1009
    case progressRecord = 0x0004_1010
    case informationRecord = 0x0004_1011
    case stop = 0x0004_1012
    case pipelineHostCall = 0x0004_1100
    case pipelineHostResponse = 0x0004_1101
}

extension MessageType {
    /// The type as MS-PSRP spells it: `PIPELINE_STATE`.
    package var wireName: String {
        String(describing: self).reduce(into: "") { name, character in
            // RUNSPACEPOOL is one word.
            if character.isUppercase, !(character == "P" && name.hasSuffix("RUNSPACE")) { name.append("_") }
            name += character.uppercased()
        }
    }
}

/// States of a runspace pool (MS-PSRP 2.2.3.4).
package enum RunspacePoolState: Int32, Sendable, Hashable {
    case beforeOpen, opening, opened, closed, closing, broken, disconnecting, disconnected, connecting
}

/// States of a pipeline (MS-PSRP 2.2.3.5); only stopped, completed and failed are transmitted.
package enum PipelineState: Int32, Sendable, Hashable {
    case notStarted, running, stopping, stopped, completed, failed, disconnected

    /// Whether a pipeline in this state has ended.
    package var isFinal: Bool { self == .stopped || self == .completed || self == .failed }
}
