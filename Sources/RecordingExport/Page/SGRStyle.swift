/// What SGR sequences (ECMA-48, 8.3.117) have set: colours of xterm's 256, and how letters look. Concealed and blinking
/// text is shown as any other: an export hides nothing.
struct SGRStyle: Equatable {
    private var foreground: Int?
    private var background: Int?
    private var isBold = false
    private var isFaint = false
    private var isItalic = false
    private var isUnderlined = false
    private var isStruck = false
    private var isInverse = false

    /// The page's class names for it.
    var classes: String {
        guard self != SGRStyle() else { return "" }
        var names: [String] = []
        // Black is what a console's background is by itself.
        var colors = (foreground: foreground, background: background == 0 ? nil : background)
        if isInverse { colors = (colors.background, colors.foreground) }
        if let background = colors.background {
            names.append("b\(background)")
        } else if isInverse {
            names.append("bi")
        }
        if let foreground = colors.foreground { names.append("f\(foreground)") }
        if isFaint, colors.foreground == nil { names.append("sf") }
        if isBold { names.append("sb") }
        if isItalic { names.append("si") }
        if isUnderlined { names.append("su") }
        if isStruck { names.append("ss") }
        return names.joined(separator: " ")
    }

    /// - Parameter parameters: what stands between `ESC [` and `m`.
    mutating func apply(_ parameters: Substring) {
        var rest = parameters.split(separator: ";", omittingEmptySubsequences: false)[...]
        while let parameter = rest.popFirst() {
            let parts = parameter.split(separator: ":", omittingEmptySubsequences: false)
            let code = parts.first.map { $0.isEmpty ? 0 : Int($0) ?? -1 } ?? 0
            if code == 38 || code == 48 {
                let color = parts.count > 1 ? Self.color(parts.dropFirst()) : Self.color(taking: &rest)
                if code == 38 { foreground = color ?? foreground } else { background = color ?? background }
            } else {
                apply(code, isCurlyOrNone: parts.count > 1 && parts[1] == "0")
            }
        }
    }

    private mutating func apply(_ code: Int, isCurlyOrNone: Bool) {
        switch code {
        case 0: self = SGRStyle()
        case 1: isBold = true
        case 2: isFaint = true
        case 3: isItalic = true
        case 4: isUnderlined = !isCurlyOrNone
        case 7: isInverse = true
        case 9: isStruck = true
        case 21: isUnderlined = true
        case 22: (isBold, isFaint) = (false, false)
        case 23: isItalic = false
        case 24: isUnderlined = false
        case 27: isInverse = false
        case 29: isStruck = false
        case 30...37: foreground = code - 30
        case 39: foreground = nil
        case 40...47: background = code - 40
        case 49: background = nil
        case 90...97: foreground = code - 82
        case 100...107: background = code - 92
        default: break
        }
    }

    /// `5:n` or `2:…:r:g:b`.
    private static func color(_ parts: ArraySlice<Substring>) -> Int? {
        guard let kind = parts.first, let last = parts.last else { return nil }
        if kind == "5" { return index(last) }
        let channels = parts.dropFirst().suffix(3).compactMap { Int($0) }
        return kind == "2" && channels.count == 3 ? Palette.nearest(channels) : nil
    }

    /// `5;n` or `2;r;g;b`.
    private static func color(taking rest: inout ArraySlice<Substring>) -> Int? {
        switch rest.popFirst() {
        case "5": return rest.popFirst().flatMap(index)
        case "2":
            let channels = rest.prefix(3).compactMap { Int($0) }
            rest = rest.dropFirst(3)
            return channels.count == 3 ? Palette.nearest(channels) : nil
        default: return nil
        }
    }

    private static func index(_ text: Substring) -> Int? {
        Int(text).flatMap { (0...255).contains($0) ? $0 : nil }
    }
}
