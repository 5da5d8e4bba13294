import CLIXML

/// PIPELINE_HOST_CALL and RUNSPACEPOOL_HOST_CALL (MS-PSRP 2.2.2.15, 2.2.2.27).
extension HostCall {
    var value: PSValue {
        .properties([
            ("ci", .int64(callID)),
            ("mi", method.value),
            ("mp", .list(parameters)),
        ])
    }

    /// - Returns: nil for a method that is unknown and wants no reply.
    /// - Throws: `.malformedBody`, also for a method that is unknown and wants one: its pipeline would hang.
    static func read(_ value: PSValue, pipeline: PSGuid?) throws(PSRPError) -> HostCall? {
        let callID = try value.requiredInt64("ci")
        let number = try value.requiredInt32("mi")
        let parameters = try value.required("mp")
        guard let method = HostMethod(rawValue: number) else {
            guard callID == voidCallID else {
                throw PSRPError(.malformedBody, "The far side calls the host's method \(number), which does not exist.")
            }
            return nil
        }
        return HostCall(
            callID: callID,
            method: method,
            parameters: parameters.elements ?? [],
            pipeline: pipeline
        )
    }
}

/// PIPELINE_HOST_RESPONSE and RUNSPACEPOOL_HOST_RESPONSE (MS-PSRP 2.2.2.16, 2.2.2.28): result or error first, as the real
/// client has it (client/tty).
extension HostReply {
    func value(to call: HostCall) -> PSValue {
        var members: [(String, PSValue)] = []
        switch self {
        case .result(nil): break
        case .result(let result?): members.append(("mr", result))
        case .refused(let message, let errorID):
            members.append(("me", ErrorRecord.refusal(message: message, errorID: errorID)))
        }
        members.append(("ci", .int64(call.callID)))
        members.append(("mi", call.method.value))
        return .properties(members)
    }

    init(value: PSValue) {
        if let error = value["me"], !error.isNull {
            let record = ErrorRecord(value: error)
            self = .refused(message: record.message, errorID: record.fullyQualifiedErrorID)
        } else {
            self = .result(value["mr"])
        }
    }
}

extension HostMethod {
    var value: PSValue {
        .enumeration("System.Management.Automation.Remoting.RemoteHostMethodId", wireName, rawValue)
    }

    /// Whether the method returns something, so that its call is numbered and waits for a reply.
    package var returnsValue: Bool {
        switch self {
        case .getName, .getVersion, .getInstanceId, .getCurrentCulture, .getCurrentUICulture, .readLine,
            .readLineAsSecureString, .prompt, .promptForCredential1, .promptForCredential2, .promptForChoice,
            .getForegroundColor, .getBackgroundColor, .getCursorPosition, .getWindowPosition, .getCursorSize,
            .getBufferSize, .getWindowSize, .getWindowTitle, .getMaxWindowSize, .getMaxPhysicalWindowSize,
            .getKeyAvailable, .readKey, .getBufferContents, .getIsRunspacePushed, .getRunspace,
            .promptForChoiceMultipleSelection:
            true
        case .setShouldExit, .enterNestedPrompt, .exitNestedPrompt, .notifyBeginApplication, .notifyEndApplication,
            .write1, .write2, .writeLine1, .writeLine2, .writeLine3, .writeErrorLine, .writeDebugLine, .writeProgress,
            .writeVerboseLine, .writeWarningLine, .setForegroundColor, .setBackgroundColor, .setCursorPosition,
            .setWindowPosition, .setCursorSize, .setBufferSize, .setWindowSize, .setWindowTitle, .flushInputBuffer,
            .setBufferContents1, .setBufferContents2, .scrollBufferContents, .pushRunspace, .popRunspace:
            false
        }
    }
}
