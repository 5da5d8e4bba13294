/// `tombstone.json`: what stays of a pruned run beside its manifest.
package struct Tombstone: Sendable, Hashable {
    package static let fileName = "tombstone.json"
    package static let signatureName = "tombstone.json.sig"

    /// The name of the run's folder.
    package var run: String
    /// SHA-256 of the manifest that stays, in hexadecimal.
    package var manifestHash: String
    /// Seconds since 1970, UTC.
    package var prunedSeconds: Int64
    /// Login name and user id of whoever pruned.
    package var by: String
    /// The rule by which the run had to go: `--keep 90d`.
    package var reason: String
    /// The chain's head when the run was pruned, before the tombstone's own line.
    package var chainHead: String

    package init(
        run: String,
        manifestHash: String,
        prunedSeconds: Int64,
        by: String,
        reason: String,
        chainHead: String
    ) {
        self.run = run
        self.manifestHash = manifestHash
        self.prunedSeconds = prunedSeconds
        self.by = by
        self.reason = reason
        self.chainHead = chainHead
    }

    /// The file's bytes: the same for the same tombstone, always.
    package var encoded: [UInt8] {
        let value: JSONValue = .record([
            .format: "psrun-tombstone",
            .version: 1,
            .run: .string(run),
            .manifestHash: .string(manifestHash),
            .pruned: .string(UTCTime(secondsSince1970: prunedSeconds).extended),
            .by: .string(by),
            .reason: .string(reason),
            .chainHead: .string(chainHead),
        ])
        return value.indented
    }

    /// Reads the file; nil for any other bytes than `encoded` has.
    package init?(_ bytes: [UInt8]) {
        guard
            let value = try? JSONValue(parsing: bytes),
            let run = value[.run]?.string, RunName.isFolder(run),
            let manifestHash = value[.manifestHash]?.string, isHash(manifestHash),
            let pruned = value[.pruned]?.string.flatMap(UTCTime.init),
            let by = value[.by]?.string,
            let reason = value[.reason]?.string,
            let chainHead = value[.chainHead]?.string, isHash(chainHead)
        else { return nil }
        self.init(
            run: run,
            manifestHash: manifestHash,
            prunedSeconds: pruned.secondsSince1970,
            by: by,
            reason: reason,
            chainHead: chainHead
        )
        guard encoded == bytes else { return nil }
    }
}
