package import CLIXML

extension ErrorRecord {
    /// Reads what an ERROR_RECORD, or a state's ExceptionAsErrorRecord, holds; what is missing is empty.
    package init(value: PSValue) {
        func text(_ name: String) -> String? {
            guard let text = value[name]?.text, !text.isEmpty else { return nil }
            return text
        }
        let exception = value["Exception"]
        self.init(
            message: text("ErrorDetails_Message") ?? exception?["Message"]?.text
                ?? text("ErrorCategory_Message") ?? value.objectValue?.toString?.text ?? value.text ?? "",
            fullyQualifiedErrorID: text("FullyQualifiedErrorId") ?? "",
            category: value["ErrorCategory_Category"]?.int32Value ?? 0,
            reason: text("ErrorCategory_Reason") ?? "",
            value: value
        )
    }

    /// What a pipeline's error is called whose end is all that is known of it: nobody knows how far it ran.
    package static let lostPipelineID = "PipelineLost"

    /// A record of one's own, in the shape that PowerShell sends.
    /// - Parameters:
    ///   - reason: the short name of an exception's type in System.Management.Automation.
    ///   - target: TargetObject, a string.
    ///   - invocation: InvocationInfo.
    package static func make(
        message: String,
        errorID: String,
        category: Int32,
        reason: String,
        target: String? = nil,
        invocation: PSValue = .null
    ) -> ErrorRecord {
        let type = "System.Management.Automation.\(reason)"
        let exception = PSObject(
            typeNames: [type, "System.Management.Automation.RuntimeException", "System.Exception", "System.Object"],
            toString: PSString("\(type): \(message)"),
            adapted: [
                PSProperty("Message", .string(message)),
                PSProperty("InnerException", .null),
                PSProperty("HelpLink", .null),
                PSProperty("Source", .null),
                PSProperty("StackTrace", .null),
            ]
        )
        let record = PSObject(
            typeNames: ["System.Management.Automation.ErrorRecord", "System.Object"],
            toString: PSString(message),
            extended: members(
                exception: .object(exception),
                errorID: errorID,
                category: category,
                reason: reason,
                target: target,
                invocation: invocation
            )
        )
        return ErrorRecord(
            message: message,
            fullyQualifiedErrorID: errorID,
            category: category,
            reason: reason,
            value: .object(record)
        )
    }

    /// What a host response's `me` holds: the record's members without its type (server/prompts-refused).
    static func refusal(message: String, errorID: String) -> PSValue {
        let exception = PSObject(
            typeNames: ["System.Exception", "System.Object"],
            toString: PSString(message),
            adapted: [PSProperty("Message", .string(message))]
        )
        return .object(
            PSObject(
                extended: members(
                    exception: .object(exception),
                    errorID: errorID,
                    category: permissionDenied,
                    reason: "Exception"
                )
            )
        )
    }

    private static let permissionDenied: Int32 = 18

    private static func members(
        exception: PSValue,
        errorID: String,
        category: Int32,
        reason: String,
        target: String? = nil,
        invocation: PSValue = .null
    ) -> [PSProperty] {
        let name = categories.indices.contains(Int(category)) ? categories[Int(category)] : "NotSpecified"
        return [
            PSProperty("Exception", exception),
            PSProperty("TargetObject", target.map { .string(PSString($0)) } ?? .null),
            PSProperty("FullyQualifiedErrorId", .string(errorID)),
            PSProperty("InvocationInfo", invocation),
            PSProperty("ErrorCategory_Category", .int32(category)),
            PSProperty("ErrorCategory_Activity", .string("")),
            PSProperty("ErrorCategory_Reason", .string(reason)),
            PSProperty("ErrorCategory_TargetName", .string(PSString(target ?? ""))),
            PSProperty("ErrorCategory_TargetType", .string(target == nil ? "" : "String")),
            PSProperty("ErrorCategory_Message", .string(PSString("\(name): (\(shortened(target))) [], \(reason)"))),
            PSProperty("SerializeExtendedInfo", .bool(false)),
        ]
    }

    /// A target as the category's message names it: at most 40 characters, cut in the middle (PowerShell 7.6.9).
    private static func shortened(_ target: String?) -> String {
        guard let target else { return ":" }
        let half = 19
        let text = target.utf16.count > 40 ? "\(target.prefix(half))…\(target.suffix(half))" : target
        return "\(text):String"
    }

    /// The names of ErrorCategory's members, by number.
    private static let categories = [
        "NotSpecified", "OpenError", "CloseError", "DeviceError", "DeadlockDetected", "InvalidArgument", "InvalidData",
        "InvalidOperation", "InvalidResult", "InvalidType", "MetadataError", "NotImplemented", "NotInstalled",
        "ObjectNotFound", "OperationStopped", "OperationTimeout", "SyntaxError", "ParserError", "PermissionDenied",
        "ResourceBusy", "ResourceExists", "ResourceUnavailable", "ReadError", "WriteError", "FromStdErr",
        "SecurityError", "ProtocolError", "ConnectionError", "AuthenticationError", "LimitsExceeded", "QuotaExceeded",
        "NotEnabled",
    ]
}
