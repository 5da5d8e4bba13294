/// A run whose archive and manifest are published.
package struct SealedRun: Sendable, Hashable {
    /// The run's folder.
    package var folder: String
    /// Entries in the archive: one for each target.
    package var entries: Int
    /// SHA-256 of the archive, in hexadecimal.
    package var archiveHash: String
    /// SHA-256 of the manifest, in hexadecimal: what the next run of the chain names.
    package var manifestHash: String
    /// The chain's head with this run's line.
    package var chainHead: ChainHead
    /// What was asked for and is not there, though the run is sealed: a signature, a witness.
    package var shortcomings: [RecordingError]

    package init(
        folder: String,
        entries: Int,
        archiveHash: String,
        manifestHash: String,
        chainHead: ChainHead,
        shortcomings: [RecordingError]
    ) {
        self.folder = folder
        self.entries = entries
        self.archiveHash = archiveHash
        self.manifestHash = manifestHash
        self.chainHead = chainHead
        self.shortcomings = shortcomings
    }
}
