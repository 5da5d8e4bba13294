import Files
import Glibc
package import RecordingFormat
import SystemErrors

/// A sealed archive for whoever reads all of it fast: checked index and sums as they are, and bytes by their place.
package final class RawArchive: Sendable {
    /// The run's folder.
    package let folder: String
    package let manifest: Manifest
    /// The members `index.tsv` and `SHA256SUMS`, as the manifest names them.
    package let index: [UInt8]
    package let sums: [UInt8]
    private let file: File

    /// Opens the sealed run in a folder; reads its manifest and the archive's last frame, and nothing else.
    /// - Throws: `notFound`, or `damaged` where what is read is not what was sealed.
    package init(folder: String) throws(RecordingError) {
        self.folder = folder
        do throws(SystemError) {
            manifest = try SealedRecording.manifest(in: folder)
            file = try File("\(folder)/\(ArchiveBuilder.archiveName)", O_RDONLY)
            let size = try file.size
            guard size == manifest.archiveBytes else { throw SystemError("decode", file.path, EILSEQ) }
            let tail = try SealedRecording.lastFrame(of: file, size: size).members
            index = tail[RunName.indexMember] ?? []
            sums = tail[RunName.sumsMember] ?? []
        } catch {
            throw error.asReadFailure
        }
        guard hexadecimal(sha256(index)) == manifest.indexHash, hexadecimal(sha256(sums)) == manifest.sumsHash else {
            throw damage("its index or its SHA256SUMS is not the one that was sealed")
        }
    }

    /// Fills a buffer from the archive's byte `offset` on.
    /// - Throws: `damaged` where the file ends before.
    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(RecordingError) {
        let count: Int
        do throws(SystemError) { count = try file.read(into: buffer, at: offset) } catch { throw error.asReadFailure }
        guard count == buffer.count else { throw damage("it ends too early") }
    }

    /// The error for an archive that is not what was sealed.
    package func damage(_ what: String) -> RecordingError {
        SealedRecording.damaged(file.path, what)
    }
}
