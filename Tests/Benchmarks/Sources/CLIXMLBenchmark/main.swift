import CLIXML
import Foundation

/// Prints the CPU seconds that decoding each document of a file takes, and then encoding each; best of ten.
///
/// The file has each document with its length before it, 32 bits, big-endian.
func bench(_ file: String) throws {
    var rest = [UInt8](try Data(contentsOf: URL(filePath: file)))[...]
    var documents: [[UInt8]] = []
    while rest.count >= 4 {
        let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        documents.append(Array(rest.dropFirst(4).prefix(length)))
        rest = rest.dropFirst(4 + length)
    }
    let values = try documents.map { try decodeCLIXML($0) }
    func best(_ work: () throws -> Void) rethrows -> Double {
        try (0..<10).map { _ in
            let began = clock()
            try work()
            return Double(clock() - began) / Double(CLOCKS_PER_SEC)
        }.min() ?? 0
    }
    let decoding = try best { for document in documents { _ = try decodeCLIXML(document) } }
    let encoding = best { for value in values { _ = encodeCLIXML(value) } }
    print(decoding, encoding)
}

try bench(CommandLine.arguments[1])
