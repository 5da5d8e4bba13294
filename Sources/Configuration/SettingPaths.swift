import PSRunCommandLine

/// Which part of a setting's text is a path.
enum SettingPaths {
    /// The text with its path made one from the root.
    static func resolved(_ text: String, of setting: Setting, _ resolve: (String) -> String) -> String {
        switch setting.option.value.completion {
        case .nothing, .words, .hosts, .runs, .sessions: return text
        case .file, .folder: break
        }
        switch setting.key {
        case "ssh-config" where text == "none": return text
        case "inventory" where text.contains(","): return text
        case "answer-secret":
            guard let sign = text.firstIndex(of: "=") else { return text }
            let path = text[text.index(after: sign)...]
            return path.isEmpty ? text : text[...sign] + resolve(String(path))
        default: return text.isEmpty ? text : resolve(text)
        }
    }
}
