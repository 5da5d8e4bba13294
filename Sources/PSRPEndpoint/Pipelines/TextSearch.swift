extension Collection where Element: Equatable {
    /// Where `part`, which is not empty, first stands. The standard library's own search would bring all of its regular
    /// expressions into `psrun-endpoint`, a megabyte of them.
    func place(of part: some Collection<Element>) -> Range<Index>? {
        var start = startIndex
        while start != endIndex {
            let rest = self[start...]
            if rest.starts(with: part) { return start..<index(start, offsetBy: part.count) }
            formIndex(after: &start)
        }
        return nil
    }

    func holds(_ part: some Collection<Element>) -> Bool { place(of: part) != nil }
}
