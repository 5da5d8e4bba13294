import Configuration
import ConfigurationFiles

/// A file's text as a layer.
func layer(
    _ text: String,
    _ kind: ConfigurationLayer.Kind = .user,
    isTrusted: Bool = false
) throws(ConfigurationError) -> ConfigurationLayer {
    try layer(bytes: Array(text.utf8), kind, isTrusted: isTrusted)
}

func layer(
    bytes: [UInt8],
    _ kind: ConfigurationLayer.Kind = .user,
    isTrusted: Bool = false
) throws(ConfigurationError) -> ConfigurationLayer {
    let reader = ConfigurationReader(kind, path: "/c.yaml", isTrusted: isTrusted) {
        $0.hasPrefix("/") ? $0 : "/c/\($0)"
    }
    return try reader.read(try ConfigurationNode.read(bytes, path: "/c.yaml"))
}

/// What is wrong with a text; empty where nothing is.
func message(_ text: String, _ kind: ConfigurationLayer.Kind = .user) -> String {
    do throws(ConfigurationError) {
        _ = try layer(text, kind)
        return ""
    } catch {
        return error.message
    }
}
