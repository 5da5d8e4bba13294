import ConsoleText

extension TextStyle {
    /// The page's class names for it. Concealed and blinking text is shown as any other: an export hides nothing.
    var classes: String {
        guard self != .plain else { return "" }
        var names: [String] = []
        // Black is what a console's background is by itself.
        let ground = Self.index(background)
        var colors = (foreground: Self.index(foreground), background: ground == 0 ? nil : ground)
        let isInverse = attributes.contains(.inverse)
        if isInverse { colors = (colors.background, colors.foreground) }
        if let background = colors.background {
            names.append("b\(background)")
        } else if isInverse {
            names.append("bi")
        }
        if let foreground = colors.foreground { names.append("f\(foreground)") }
        if attributes.contains(.faint), colors.foreground == nil { names.append("sf") }
        if attributes.contains(.bold) { names.append("sb") }
        if attributes.contains(.italic) { names.append("si") }
        if underline > 0 { names.append("su") }
        if attributes.contains(.struck) { names.append("ss") }
        return names.joined(separator: " ")
    }

    /// The colour of xterm's 256 that the page shows; nil for the console's own.
    private static func index(_ color: Color) -> Int? {
        switch color {
        case .standard: nil
        case .ansi(let number), .palette(let number): Int(number)
        case .direct(let red, let green, let blue): Palette.nearest([Int(red), Int(green), Int(blue)])
        }
    }
}
