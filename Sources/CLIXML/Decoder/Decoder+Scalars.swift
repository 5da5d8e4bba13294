extension Decoder {
    /// The value of a primitive element, nil where its text is not of its type.
    func scalar(_ element: Element, _ content: Content, at tag: Tag) throws(CLIXMLError) -> PSValue? {
        let bytes = content.bytes
        return switch element {
        case .string: .string(content.string)
        case .int32: Int32(number: bytes).map(PSValue.int32)
        case .bool: Bool(xml: bytes).map(PSValue.bool)
        case .int64: Int64(number: bytes).map(PSValue.int64)
        case .char: UInt16(number: bytes).map(PSValue.char)
        case .uint8: UInt8(number: bytes).map(PSValue.uint8)
        case .int8: Int8(number: bytes).map(PSValue.int8)
        case .uint16: UInt16(number: bytes).map(PSValue.uint16)
        case .int16: Int16(number: bytes).map(PSValue.int16)
        case .uint32: UInt32(number: bytes).map(PSValue.uint32)
        case .uint64: UInt64(number: bytes).map(PSValue.uint64)
        case .single: Float(xml: bytes).map(PSValue.single)
        case .double: Double(xml: bytes).map(PSValue.double)
        case .decimal: PSDecimal(text: bytes).map(PSValue.decimal)
        case .dateTime: PSDateTime(text: bytes).map(PSValue.dateTime)
        case .timeSpan: PSTimeSpan(text: bytes).map(PSValue.timeSpan)
        case .bytes: Base64.decodeSpaced(bytes).map(PSValue.bytes)
        case .secureString: try secureString(bytes, at: tag)
        case .guid: PSGuid(text: bytes).map(PSValue.guid)
        case .version: PSVersionNumber(text: bytes).map(PSValue.version)
        case .uri: .uri(content.string)
        case .xmlDocument: .xmlDocument(content.string)
        case .scriptBlock: .scriptBlock(content.string)
        default: throw unknownElement(tag)
        }
    }

    private func secureString(_ text: ArraySlice<UInt8>, at tag: Tag) throws(CLIXMLError) -> PSValue? {
        // Four digits are three bytes. What may be wrapped is looked at once it is decoded.
        let isTooLong = text.count / 8 * 3 > limits.secureStringBytes
        let bytes = isTooLong ? [] : Base64.decodeSpaced(text)
        guard !isTooLong, bytes?.count ?? 0 <= limits.secureStringBytes else {
            throw CLIXMLError(
                .tooLarge,
                "a secure string has more than the \(limits.secureStringBytes) bytes that are allowed",
                at: tag.name.lowerBound
            )
        }
        return bytes.map(PSValue.secureString)
    }

    /// A `PR` (MS-PSRP 2.2.5.1.25) as the object of that type, since nothing else is known of it here. Its elements
    /// are AV, AI, an S or Nil for the current operation, PI, PC, T, SR and SD.
    mutating func progress(_ tag: Tag) throws(CLIXMLError) -> PSValue {
        var properties: [PSProperty] = []
        while let child = try scanner.child(of: tag) {
            try count(1, at: child)
            let name = name(of: child)
            let content = try scanner.content(of: child)
            switch name {
            case "AV": properties.append(PSProperty("Activity", .string(content.string)))
            case "SD": properties.append(PSProperty("StatusDescription", .string(content.string)))
            case "S": properties.append(PSProperty("CurrentOperation", .string(content.string)))
            case "Nil": properties.append(PSProperty("CurrentOperation", .null))
            case "T": properties.append(PSProperty("RecordType", .string(content.string)))
            case "AI": try properties.append(number("ActivityId", content, at: child))
            case "PI": try properties.append(number("ParentActivityId", content, at: child))
            case "PC": try properties.append(number("PercentComplete", content, at: child))
            case "SR": try properties.append(number("SecondsRemaining", content, at: child))
            default: throw unknownElement(child)
            }
        }
        return .object(
            PSObject(
                typeNames: ["System.Management.Automation.ProgressRecord", "System.Object"],
                adapted: properties
            )
        )
    }

    private func number(_ property: String, _ content: Content, at tag: Tag) throws(CLIXMLError) -> PSProperty {
        guard let number = Int32(number: content.bytes) else {
            throw CLIXMLError(
                .invalidValue,
                "\(property) of a progress record is not a number",
                at: tag.name.lowerBound
            )
        }
        return PSProperty(property, .int32(number))
    }
}
