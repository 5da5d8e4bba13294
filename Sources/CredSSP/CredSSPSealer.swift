import TLS

/// Seals messages with the TLS session that the credentials went through: a record of TLS for each chunk.
package final class CredSSPSealer {
    /// What fits into one record (RFC 5246, 6.2.1).
    package static let chunkBytes = 16384
    /// The type, the version and the length of a record.
    private static let recordHeaderBytes = 5

    private let tls: TLSEngine

    init(_ tls: TLSEngine) {
        self.tls = tls
    }

    /// What Windows calls the trailer's length, and cuts the record at: 16 bytes of AES-GCM's tag, and in TLS 1.3 one more
    /// for the type.
    package var trailerBytes: Int { tls.version == "TLSv1.3" ? 17 : 16 }

    /// - Returns: a part for each 16384 bytes, so none for an empty message.
    /// - Throws: CredSSPFailure.
    package func seal(_ plain: [UInt8]) throws -> [(header: [UInt8], data: [UInt8])] {
        var parts: [(header: [UInt8], data: [UInt8])] = []
        var start = 0
        while start < plain.count {
            let end = min(start + Self.chunkBytes, plain.count)
            let record = try write(Array(plain[start..<end]))
            guard Self.recordBytes(record[...]) == record.count, record.count > trailerBytes else {
                throw CredSSPFailure.malformed("its TLS takes more than a record for a message")
            }
            parts.append((Array(record[..<trailerBytes]), Array(record[trailerBytes...])))
            start = end
        }
        return parts
    }

    /// - Parameter header: what stood before the data; it is the beginning of the record.
    /// - Throws: CredSSPFailure.
    package func open(_ header: [UInt8]?, _ data: [UInt8]) throws -> [UInt8] {
        let progress: TLSProgress
        do throws(TLSFailure) {
            progress = try tls.feed((header ?? []) + data)
        } catch {
            throw CredSSPFailure.tls(error)
        }
        guard progress.toSend.isEmpty, !progress.isClosed else {
            throw CredSSPFailure.malformed("it ends or changes its TLS in the middle of a message")
        }
        return progress.plaintext
    }

    /// How long the record is that these bytes begin with, as its own length says. Nil where that is not there yet.
    package static func recordBytes(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= recordHeaderBytes else { return nil }
        let length = bytes[bytes.startIndex + 3..<bytes.startIndex + 5].reduce(0) { $0 << 8 | Int($1) }
        return recordHeaderBytes + length
    }

    private func write(_ plain: [UInt8]) throws(CredSSPFailure) -> [UInt8] {
        do throws(TLSFailure) {
            return try tls.write(plain)
        } catch {
            throw .tls(error)
        }
    }
}
