extension Decoder {
    /// An object in which the scanner stands or stood.
    struct Opening: Equatable {
        /// `RefId`
        let id: Int?
        /// How many objects began before it.
        let serial: Int
    }

    /// An object that ended.
    struct Finished {
        let object: PSObject
        /// What was open around it, outermost first; empty where it refers to nothing of that.
        let around: [Opening]
        /// Bytes of the document that it stands for.
        let bytes: Int
    }

    /// A list of type names.
    struct NamedTypes {
        let names: [String]
        /// Bytes of the document that it stands for.
        let bytes: Int
    }

    /// A `Ref`: the finished object again, or how far up the open one is.
    mutating func reference(_ tag: Tag) throws(CLIXMLError) -> PSValue {
        try scanner.skipContent(of: tag)
        guard let id = tag.reference else {
            throw CLIXMLError(.malformed, "a Ref without RefId", at: tag.name.lowerBound)
        }
        if let place = open.lastIndex(where: { $0.id == id }) {
            try count(1, at: tag)
            return .ancestor(open.count - place)
        }
        guard let finished = finished[id] else {
            throw CLIXMLError(.unknownReference, "no object has the RefId \(id)", at: tag.name.lowerBound)
        }
        try count(finished.object.weight, at: tag)
        try countRepeated(finished.bytes, at: tag)
        var object = finished.object
        if object.reach > 0 {
            var bytes = 0
            object = try moved(finished, countingIn: &bytes, at: tag)
            try countRepeated(bytes, at: tag)
            try count(object.weight - finished.object.weight, at: tag)
        }
        guard open.count + object.height <= limits.depth else { throw tooDeep(at: tag) }
        return .object(object)
    }

    /// An object that refers to objects around itself, for this place, where they are another number of levels up or
    /// have ended: then the ended object stands there itself, and `bytes` grows by what it stands for.
    private func moved(
        _ finished: Finished,
        countingIn bytes: inout Int,
        at tag: Tag
    ) throws(CLIXMLError) -> PSObject {
        let around = finished.around
        return try finished.object.replacingAncestors { levels, depth throws(CLIXMLError) in
            let place = around.count - levels
            if place < open.count, open[place] == around[place] { return .ancestor(open.count - place + depth) }
            guard let ended = around[place].id.flatMap({ self.finished[$0] }), ended.object.reach == 0 else {
                throw CLIXMLError(
                    .unknownReference,
                    "an object refers to one of its ancestors, which cannot be shown here",
                    at: tag.name.lowerBound
                )
            }
            bytes += ended.bytes
            return .object(ended.object)
        }
    }
}

extension PSObject {
    /// The object with each `ancestor` that points beyond it replaced.
    /// - Parameter replacement: gets how many levels beyond the object the ancestor is, and how deep in the object the
    ///   place is (1 for what the object itself has).
    fileprivate func replacingAncestors(
        depth: Int = 1,
        _ replacement: (_ levels: Int, _ depth: Int) throws(CLIXMLError) -> PSValue
    ) throws(CLIXMLError) -> PSObject {
        func replaced(_ value: PSValue) throws(CLIXMLError) -> PSValue {
            switch value {
            case .ancestor(let levels) where levels > depth: try replacement(levels - depth, depth)
            case .object(let object) where object.reach > depth:
                try .object(object.replacingAncestors(depth: depth + 1, replacement))
            default: value
            }
        }
        func replaced(_ values: [PSValue]) throws(CLIXMLError) -> [PSValue] {
            try values.map { value throws(CLIXMLError) in try replaced(value) }
        }
        func replaced(_ properties: [PSProperty]) throws(CLIXMLError) -> [PSProperty] {
            try properties.map { property throws(CLIXMLError) in
                try PSProperty(property.name, replaced(property.value))
            }
        }
        let newBase: Base =
            switch base {
            case .none: .none
            case .value(let value): try .value(replaced(value))
            case .list(let elements): try .list(replaced(elements))
            case .queue(let elements): try .queue(replaced(elements))
            case .stack(let elements): try .stack(replaced(elements))
            case .enumerable(let elements): try .enumerable(replaced(elements))
            case .dictionary(let entries):
                .dictionary(
                    try entries.map { entry throws(CLIXMLError) in
                        try PSEntry(replaced(entry.key), replaced(entry.value))
                    }
                )
            }
        return try PSObject(
            typeNames: typeNames,
            toString: toString,
            base: newBase,
            adapted: replaced(adapted),
            extended: replaced(extended)
        )
    }
}
