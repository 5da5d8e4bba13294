extension Decoder {
    mutating func object(_ tag: Tag) throws(CLIXMLError) -> PSObject {
        try count(1, at: tag)
        guard open.count < limits.depth else { throw tooDeep(at: tag) }
        open.append(Opening(id: tag.reference, serial: objects))
        objects += 1
        let (start, repeatedBefore) = (scanner.position, repeatedBytes)
        var parts = ObjectParts()
        while let child = try scanner.child(of: tag) { try read(child, into: &parts) }
        open.removeLast()
        let object = parts.object
        if let id = tag.reference {
            finished[id] = Finished(
                object: object,
                around: object.reach > 0 ? open : [],
                bytes: scanner.position - start + repeatedBytes - repeatedBefore
            )
        }
        return object
    }

    private mutating func read(_ tag: Tag, into parts: inout ObjectParts) throws(CLIXMLError) {
        switch tag.element {
        case .typeNames:
            let start = scanner.position
            parts.typeNames = try typeNameList(tag)
            if let id = tag.reference {
                typeNames[id] = NamedTypes(names: parts.typeNames, bytes: scanner.position - start)
            }
        case .typeNamesReference:
            guard let types = tag.reference.flatMap({ typeNames[$0] }) else {
                throw CLIXMLError(.unknownReference, "no type names have this RefId", at: tag.name.lowerBound)
            }
            try countRepeated(types.bytes, at: tag)
            parts.typeNames = types.names
            try scanner.skipContent(of: tag)
        case .toString: parts.toString = try scanner.content(of: tag).string
        case .adapted: parts.adapted = try properties(tag)
        case .extended: parts.extended = try properties(tag)
        case .dictionary: parts.base = try .dictionary(entries(tag))
        case .list: parts.base = try .list(elements(tag))
        case .queue: parts.base = try .queue(elements(tag))
        case .stack: parts.base = try .stack(elements(tag))
        case .enumerable: parts.base = try .enumerable(elements(tag))
        default: parts.base = try .value(value(tag))
        }
    }

    private mutating func typeNameList(_ tag: Tag) throws(CLIXMLError) -> [String] {
        var names: [String] = []
        while let child = try scanner.child(of: tag) {
            guard child.element == .typeName else { throw unknownElement(child) }
            try names.append(scanner.content(of: child).string.text)
        }
        return names
    }

    private mutating func properties(_ tag: Tag) throws(CLIXMLError) -> [PSProperty] {
        var properties: [PSProperty] = []
        while let child = try scanner.child(of: tag) {
            guard let name = child.property else {
                throw CLIXMLError(.malformed, "a property without a name (N)", at: child.name.lowerBound)
            }
            try properties.append(PSProperty(name.string.text, value(child)))
        }
        return properties
    }

    private mutating func elements(_ tag: Tag) throws(CLIXMLError) -> [PSValue] {
        var elements: [PSValue] = []
        while let child = try scanner.child(of: tag) { try elements.append(value(child)) }
        return elements
    }

    private mutating func entries(_ tag: Tag) throws(CLIXMLError) -> [PSEntry] {
        var entries: [PSEntry] = []
        while let child = try scanner.child(of: tag) { try entries.append(entry(child)) }
        return entries
    }

    private mutating func entry(_ tag: Tag) throws(CLIXMLError) -> PSEntry {
        guard tag.element == .entry else { throw unknownElement(tag) }
        var halves: [PSValue?] = [nil, nil]
        while let half = try scanner.child(of: tag) {
            guard let name = half.property?.string.text, let place = ["Key", "Value"].firstIndex(of: name),
                halves[place] == nil
            else { throw unknownElement(half) }
            halves[place] = try value(half)
        }
        guard let key = halves[0], let value = halves[1] else {
            throw CLIXMLError(.malformed, "an entry without key or value", at: tag.name.lowerBound)
        }
        return PSEntry(key, value)
    }

    func tooDeep(at tag: Tag) -> CLIXMLError {
        CLIXMLError(
            .tooDeep,
            "objects nested more than \(limits.depth) deep",
            at: tag.name.lowerBound
        )
    }
}

/// What an object's elements gave so far.
private struct ObjectParts {
    var typeNames: [String] = []
    var toString: PSString?
    var base = PSObject.Base.none
    var adapted: [PSProperty] = []
    var extended: [PSProperty] = []

    var object: PSObject {
        PSObject(typeNames: typeNames, toString: toString, base: base, adapted: adapted, extended: extended)
    }
}
