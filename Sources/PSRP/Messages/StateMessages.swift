package import CLIXML

/// RUNSPACEPOOL_STATE and PIPELINE_STATE (MS-PSRP 2.2.2.4, 2.2.2.21).
package enum StateMessage {
    static let poolMember = "RunspaceState"
    static let pipelineMember = "PipelineState"
    private static let errorMember = "ExceptionAsErrorRecord"

    static func value(_ member: String, _ state: Int32, _ error: ErrorRecord?) -> PSValue {
        var members = [(member, PSValue.int32(state))]
        if let error { members.append((errorMember, error.value)) }
        return .properties(members)
    }

    /// RUNSPACEPOOL_STATE, with what broke the pool.
    package static func pool(_ state: RunspacePoolState, _ error: ErrorRecord? = nil) -> PSValue {
        value(poolMember, state.rawValue, error)
    }

    package static func error(of value: PSValue) -> ErrorRecord? {
        guard let error = value[errorMember], !error.isNull else { return nil }
        return ErrorRecord(value: error)
    }

    package static func poolState(of value: PSValue) throws(PSRPError) -> RunspacePoolState {
        let number = try value.requiredInt32(poolMember)
        guard let state = RunspacePoolState(rawValue: number) else {
            throw PSRPError(.malformedBody, "The pool has the unknown state \(number).")
        }
        return state
    }

    package static func pipelineState(of value: PSValue) throws(PSRPError) -> PipelineState {
        let number = try value.requiredInt32(pipelineMember)
        guard let state = PipelineState(rawValue: number) else {
            throw PSRPError(.malformedBody, "A pipeline has the unknown state \(number).")
        }
        return state
    }
}

extension RecordStream {
    /// The type of the messages that carry the stream.
    var messageType: MessageType {
        switch self {
        case .debug: .debugRecord
        case .verbose: .verboseRecord
        case .warning: .warningRecord
        case .progress: .progressRecord
        case .information: .informationRecord
        }
    }
}
