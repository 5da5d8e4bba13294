import RecordingFormat

/// The parts of the page that are the same for every recording. They are files of their own beside this one, and stand in
/// the program itself.
enum PageParts {
    static let style = text(PackageResources.page_css) + text(PackageResources.fleet_css) + Palette.css
    static let toolbar = text(PackageResources.toolbar_html)
    static let player = text(PackageResources.player_html)
    static let firstScript = text(PackageResources.first_js)
    static let script = [
        PackageResources.sessions_js, PackageResources.packs_js, PackageResources.player_js,
        PackageResources.filters_js,
        PackageResources.search_js, PackageResources.grid_js, PackageResources.fleet_js, PackageResources.controls_js,
    ].map(text).joined()

    /// What the page may load, which is nothing, and the inline parts that it may use, by their hashes.
    static func policy(_ hash: HashFunction) -> String {
        func source(_ text: String) -> String { "'sha256-\(Base64.encode(hash(Array(text.utf8))))'" }
        return "default-src 'none'; style-src \(source(style)); "
            + "script-src \(source(firstScript)) \(source(script)); base-uri 'none'; form-action 'none'; "
            + "require-trusted-types-for 'script'; trusted-types 'none'"
    }

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
