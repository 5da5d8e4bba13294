package import RecordingFormat

extension RecordedSelection {
    /// - Parameter names: all targets of the selection, in its order, as they are recorded.
    package init(of names: some Collection<String>) {
        let hash = SHA256()
        for name in names { hash.update(RedactedTags.alike(name.utf8) + [0x0A]) }
        self.init(targets: names.count, hash: hash.hexadecimalDigest())
    }
}
