extension Decoder {
    /// A `Ref`: the finished object again, or how far up the open one is.
    mutating func reference(_ tag: Tag) throws(CLIXMLError) -> PSValue {
        try scanner.skipContent(of: tag)
        guard let id = tag.reference else {
            throw CLIXMLError(.malformed, "a Ref without RefId", at: tag.name.lowerBound)
        }
        if let place = open.lastIndex(of: id) {
            try count(1, at: tag)
            return .ancestor(open.count - place)
        }
        guard let (object, depth) = finished[id] else {
            throw CLIXMLError(.unknownReference, "no object has the RefId \(id)", at: tag.name.lowerBound)
        }
        try count(object.weight, at: tag)
        guard open.count + object.height <= limits.depth else { throw tooDeep(at: tag) }
        // What it says of the objects around it is counted from where it stood first.
        guard object.reach == 0 || depth == open.count else {
            throw CLIXMLError(
                .unknownReference,
                "the object \(id) refers to objects around it and stands elsewhere among them",
                at: tag.name.lowerBound
            )
        }
        return .object(object)
    }
}
