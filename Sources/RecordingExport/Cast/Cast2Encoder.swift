package import RecordingFormat

/// asciicast of version 2: the stored session itself, psrun's private codes included.
package struct Cast2Encoder: RecordingEncoder {
    package init() {}

    package mutating func encode(
        _ line: ArraySlice<UInt8>,
        number: Int,
        to bytes: inout [UInt8]
    ) throws(CastError) {
        bytes += line
    }
}
