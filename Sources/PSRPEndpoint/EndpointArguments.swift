/// What `psrun-endpoint` is asked for on its command line. `psrun endpoint` takes the same options.
package enum EndpointArguments: Sendable, Hashable {
    case serve(EndpointOptions)
    case help
    case version
    /// What is wrong, and the way out.
    case wrong(String)

    /// - Parameter arguments: what follows the program's name.
    package static func read(_ arguments: [String], version: String) -> EndpointArguments {
        var options = EndpointOptions(version: version)
        var rest = arguments[...]
        while let word = rest.popFirst() {
            if word == "-h" || word == "--help" { return .help }
            if word == "--version" { return .version }
            if word == "--channel" {
                if options.streams == .standard { options.streams = .channel(nil) }
                continue
            }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard ["--shell", "--working-directory", "--channel-path"].contains(parts[0]) else {
                return .wrong("\(word) is not an option of psrun-endpoint. Its options: psrun-endpoint --help")
            }
            guard let value = parts.count == 2 ? parts[1] : rest.popFirst(), !value.isEmpty else {
                return .wrong("\(parts[0]) needs a value.")
            }
            switch parts[0] {
            case "--shell": options.shell = value
            case "--working-directory": options.workingDirectory = value
            default: options.streams = .channel(value)
            }
        }
        return .serve(options)
    }
}
